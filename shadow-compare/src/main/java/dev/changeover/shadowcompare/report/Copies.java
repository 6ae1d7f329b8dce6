package dev.changeover.shadowcompare.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was copied and verified as a whole.
 *
 * @param jobs the backfill and the reseed, as far as they were begun
 * @param verifications the last fourteen, newest first
 */
public record Copies(List<Job> jobs, List<Run> verifications) {

    static final Copies NONE = new Copies(List.of(), List.of());

    /** Copies the lists. */
    public Copies {
        jobs = List.copyOf(jobs);
        verifications = List.copyOf(verifications);
    }

    /**
     * A backfill or reseed.
     *
     * @param job BACKFILL or RESEED
     * @param epoch the epoch in which it was begun
     * @param rows how many rows it has copied
     * @param skipped how many it left, because they were there
     * @param parked how many it could not copy
     * @param finished whether it is
     * @param startedAt when it began
     * @param updatedAt when it was last heard of
     */
    public record Job(
            String job,
            long epoch,
            long rows,
            long skipped,
            long parked,
            boolean finished,
            Instant startedAt,
            Instant updatedAt) {}

    /**
     * A verification.
     *
     * @param epoch the epoch in which it was begun
     * @param startedAt when it began
     * @param updatedAt when it was last heard of
     * @param keys how many keys it has looked at
     * @param estimated of about so many
     * @param verdict MATCH, DIVERGED, INCOMPLETE or ERROR, or null while it runs or if it died
     * @param telling whether the verdict says how the sides are: one of some keys says it only if they differ
     * @param counts what it found, by name
     * @param fields in how many keys each path differs, at most ten paths
     */
    public record Run(
            long epoch,
            Instant startedAt,
            Instant updatedAt,
            long keys,
            long estimated,
            @Nullable String verdict,
            boolean telling,
            Map<String, Long> counts,
            Map<String, Long> fields) {}
}
