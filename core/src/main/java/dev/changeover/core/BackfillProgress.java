package dev.changeover.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a backfill or reseed is.
 *
 * @param repository the repository
 * @param rows keys handled so far, those of earlier runs included
 * @param total about how many keys there are
 * @param skipped keys that a writer held and that were marked instead
 * @param parked keys that could not be copied, marked and parked with the reason
 * @param rowsPerSecond the rate of this run
 * @param remaining the estimated time that is left, or null while the rate is not known
 * @param finished whether it is complete
 */
public record BackfillProgress(
        String repository,
        long rows,
        long total,
        long skipped,
        long parked,
        double rowsPerSecond,
        @Nullable Duration remaining,
        boolean finished) {}
