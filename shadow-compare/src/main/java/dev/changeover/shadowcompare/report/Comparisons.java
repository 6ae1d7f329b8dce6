package dev.changeover.shadowcompare.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was compared since the beginning of the report's window, and how it ended.
 *
 * @param total all of it
 * @param sources the same by what made it be compared: READ, REHEARSAL or WRITE_CHECK
 * @param operations the same by operation, those that diverged most first; at most fifty
 * @param slots the same over time, in equal steps, oldest first
 */
public record Comparisons(Counts total, List<Named> sources, List<Named> operations, List<Slot> slots) {

    static final Comparisons NONE = new Comparisons(Counts.NONE, List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Comparisons {
        sources = List.copyOf(sources);
        operations = List.copyOf(operations);
        slots = List.copyOf(slots);
    }

    /**
     * How comparisons ended.
     *
     * @param matched equal
     * @param accepted different only where somebody accepts it
     * @param marked may differ for now: marked, or not yet backfilled
     * @param diverged different, confirmed in one snapshot
     * @param failed could not be repeated or compared
     * @param unconfirmed dropped, shed, unstable or undecided
     */
    public record Counts(long matched, long accepted, long marked, long diverged, long failed, long unconfirmed) {

        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    matched + more.matched,
                    accepted + more.accepted,
                    marked + more.marked,
                    diverged + more.diverged,
                    failed + more.failed,
                    unconfirmed + more.unconfirmed);
        }

        /** Returns how many came to an end that says something: matched, accepted or diverged. */
        public long decided() {
            return matched + accepted + diverged;
        }

        /** Returns how many there were, whatever the end. */
        public long all() {
            return decided() + marked + failed + unconfirmed;
        }

        /** Returns the share of the decided that diverged, or null if none was decided. */
        public @Nullable Double rate() {
            return decided() == 0 ? null : (double) diverged / decided();
        }

        /**
         * Returns 3/n: of n decided comparisons none diverged, so with 95 % confidence fewer than this share of all such
         * comparisons would. Null if one diverged or none was decided.
         */
        public @Nullable Double bound() {
            return diverged > 0 || decided() == 0 ? null : Math.min(1, 3.0 / decided());
        }
    }

    /**
     * Counts of a source or an operation.
     *
     * @param name what they are of
     * @param counts how many
     * @param bound 3/n, see {@link Counts#bound()}, or null
     */
    public record Named(
            String name, Counts counts, @Nullable Double bound) {

        Named(String name, Counts counts) {
            this(name, counts, counts.bound());
        }
    }

    /**
     * Counts of a stretch of time.
     *
     * @param from its beginning
     * @param counts how many
     */
    public record Slot(Instant from, Counts counts) {}
}
