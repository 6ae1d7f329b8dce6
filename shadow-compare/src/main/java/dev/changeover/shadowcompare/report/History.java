package dev.changeover.shadowcompare.report;

import dev.changeover.core.Stage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a repository, by whom, and why.
 *
 * @param stretches the stages and percentages that it has had, oldest first; at most a hundred
 * @param steps what was done, newest first; at most fifty
 */
public record History(List<Stretch> stretches, List<Step> steps) {

    static final History NONE = new History(List.of(), List.of());

    /** Copies the lists. */
    public History {
        stretches = List.copyOf(stretches);
        steps = List.copyOf(steps);
    }

    /** Returns since when it is as it is, or null if it was never moved. */
    public @Nullable Instant unchangedSince() {
        return stretches.isEmpty() ? null : stretches.get(stretches.size() - 1).from();
    }

    /**
     * A time in which stage and percentage were the same.
     *
     * @param stage the stage
     * @param percent the share of reads that new served: 0 before RAMP, 100 after it
     * @param from when it began
     * @param to when it ended, or null if it lasts
     */
    public record Stretch(
            Stage stage,
            int percent,
            Instant from,
            @Nullable Instant to) {}

    /**
     * Something that was done.
     *
     * @param at when
     * @param action MOVE, PERCENT, ATTEST and others
     * @param before the value before, or null
     * @param after the value after, or null
     * @param epoch the epoch after it, or null
     * @param actor who did it
     * @param reason why
     * @param overridden whether gates were overridden
     * @param gates what the gates said then
     */
    public record Step(
            Instant at,
            String action,
            @Nullable String before,
            @Nullable String after,
            @Nullable Long epoch,
            String actor,
            String reason,
            boolean overridden,
            List<Evidence> gates) {

        /** Copies the list. */
        public Step {
            gates = List.copyOf(gates);
        }

        Step with(List<Evidence> all) {
            return new Step(at, action, before, after, epoch, actor, reason, overridden, all);
        }
    }

    /**
     * What a gate said when a step was taken.
     *
     * @param gate its name
     * @param verdict PASS, FAIL or UNKNOWN
     * @param value what it found
     * @param missing what was missing, or null
     */
    public record Evidence(
            String gate,
            String verdict,
            String value,
            @Nullable String missing) {}
}
