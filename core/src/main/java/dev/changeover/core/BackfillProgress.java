package dev.changeover.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a backfill or reseed is, whoever works on it.
 *
 * @param repository the repository
 * @param rows keys handled so far, those of earlier runs and of other instances included
 * @param total about how many keys there are
 * @param skipped keys that a writer held and that were marked instead
 * @param parked keys that could not be copied, marked and parked with the reason
 * @param workers how many work on it now, in all instances
 * @param rowsPerSecond the rate since this run began
 * @param remaining about the time that is left, or null while the rate is not known well enough
 * @param held why it waits or is slower than it could be, or null
 * @param finished whether it is complete
 */
public record BackfillProgress(
        String repository,
        long rows,
        long total,
        long skipped,
        long parked,
        int workers,
        double rowsPerSecond,
        @Nullable Remaining remaining,
        @Nullable String held,
        boolean finished) {

    /**
     * The time that is left. In 95 of 100 cases it is between the least and the most, if the rate varies as it did so far
     * and the number of keys was estimated well.
     *
     * @param least if it goes as well as can be expected
     * @param likely at the rate so far
     * @param most if it goes as badly as can be expected
     */
    public record Remaining(Duration least, Duration likely, Duration most) {}
}
