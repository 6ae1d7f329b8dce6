package dev.changeover.shadowcompare.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each side served since the beginning of the report's window.
 *
 * @param operations by operation, those of most calls first; at most fifty
 * @param changes how the last moves and percentages changed it; at most three, newest first
 */
public record Calls(List<Operation> operations, List<Change> changes) {

    static final Calls NONE = new Calls(List.of(), List.of());

    /** Copies the lists. */
    public Calls {
        operations = List.copyOf(operations);
        changes = List.copyOf(changes);
    }

    /**
     * Calls of one side, or of both.
     *
     * @param calls how many
     * @param failures how many of them failed
     * @param p50 milliseconds that half of them did not exceed, to a fifth
     * @param p95 the same of 95 in a hundred
     * @param p99 the same of 99 in a hundred
     */
    public record Served(long calls, long failures, double p50, double p95, double p99) {

        double failureRate() {
            return calls == 0 ? 0 : (double) failures / calls;
        }
    }

    /**
     * One operation on both sides.
     *
     * @param name the operation
     * @param legacy what legacy served, or null if nothing
     * @param next what new served, or null if nothing
     * @param ratio how many times legacy's p95 new's is, or null if one of them served nothing
     */
    public record Operation(
            String name,
            @Nullable Served legacy,
            @Nullable Served next,
            @Nullable Double ratio) {

        Operation(String name, @Nullable Served legacy, @Nullable Served next) {
            this(
                    name,
                    legacy,
                    next,
                    legacy == null || next == null || legacy.p95() <= 0 ? null : next.p95() / legacy.p95());
        }

        long calls() {
            return (legacy == null ? 0 : legacy.calls()) + (next == null ? 0 : next.calls());
        }
    }

    /**
     * What callers met before and after a move or a percentage, on whichever side, in up to an hour each.
     *
     * @param at when it was changed
     * @param what what was changed, such as {@code RAMP -> NEW_PRIMARY}
     * @param before up to an hour before, or null if nothing was served
     * @param after up to an hour after, or null if nothing was served yet
     */
    public record Change(
            Instant at,
            String what,
            @Nullable Served before,
            @Nullable Served after) {}
}
