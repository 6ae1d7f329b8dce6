package dev.changeover.shadowcompare.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each side served since the beginning of the report's window.
 *
 * @param operations by operation, those of most calls first; at most fifty
 * @param changes what was before and after the last moves and percentages; at most ten, newest first
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
     * What was before and after a move or a percentage, in up to 15 minutes each; as kept with the history.
     *
     * @param at when it was changed
     * @param what what was changed, such as {@code RAMP -> NEW_PRIMARY}
     * @param since when the time before begins: 15 minutes before, or with the change before it
     * @param until when the time after ends: 15 minutes after, or with the change after it; null if that was not kept yet
     * @param before what was met before it
     * @param after what was met after it, or null if that was not kept yet
     */
    public record Change(
            Instant at,
            String what,
            Instant since,
            @Nullable Instant until,
            Met before,
            @Nullable Met after) {}

    /**
     * What callers met on each side, and how comparisons ended, in a stretch of time.
     *
     * @param legacy what legacy served, or null if nothing was measured
     * @param next what new served, or null if nothing was measured
     * @param compared how comparisons ended, or null if nothing was compared
     */
    public record Met(@Nullable Served legacy, @Nullable Served next, Comparisons.@Nullable Counts compared) {}
}
