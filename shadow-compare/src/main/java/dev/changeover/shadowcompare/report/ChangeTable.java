package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Change;
import dev.changeover.shadowcompare.report.Calls.Met;
import dev.changeover.shadowcompare.report.Calls.Served;
import dev.changeover.shadowcompare.report.Comparisons.Counts;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was before and after the last changes: a line for each side, and one for the comparisons. */
final class ChangeTable {

    private ChangeTable() {}

    static Table of(List<Change> changes) {
        return new Table(
                "Before and after the last moves, up to 15 minutes each: calls, p50 / p95 / p99",
                false,
                List.of("when (UTC)", "what", "of", "before", "after"),
                changes.stream().flatMap(each -> rows(each).stream()).toList());
    }

    private static List<List<Cell>> rows(Change change) {
        Met before = change.before();
        Met after = change.after();
        List<List<Cell>> rows = new ArrayList<>();
        if (before.legacy() != null || (after != null && after.legacy() != null)) {
            rows.add(served(change, "legacy", before.legacy(), after == null ? null : after.legacy()));
        }
        if (before.next() != null || (after != null && after.next() != null)) {
            rows.add(served(change, "new", before.next(), after == null ? null : after.next()));
        }
        if (before.compared() != null || (after != null && after.compared() != null)) {
            rows.add(compared(change, before.compared(), after == null ? null : after.compared()));
        }
        return rows.isEmpty() ? List.of(nothing(change)) : rows;
    }

    private static List<Cell> nothing(Change change) {
        return row(change, "–", Cell.of("nothing was measured"), Cell.of(absent(change)));
    }

    private static List<Cell> served(Change change, String side, @Nullable Served before, @Nullable Served after) {
        boolean worse = before != null && after != null && after.failureRate() > before.failureRate() + 0.001;
        boolean slower = before != null && after != null && after.p95() > 1.2 * before.p95();
        return row(
                change,
                side,
                Cell.number(before == null ? "nothing was measured" : words(before)),
                new Cell(
                        after == null ? absent(change) : words(after),
                        worse ? Tone.BAD : slower ? Tone.WARN : Tone.NUMBER));
    }

    private static String words(Served served) {
        String failed = served.failures() == 0
                ? ""
                : ", " + Words.number(served.failures()) + " failed (" + Words.share(served.failureRate()) + ")";
        return Words.number(served.calls()) + failed + "; " + Words.plainMillis(served.p50()) + " / "
                + Words.plainMillis(served.p95()) + " / " + Words.millis(served.p99());
    }

    private static List<Cell> compared(Change change, @Nullable Counts before, @Nullable Counts after) {
        boolean worse = after != null && after.diverged() > 0;
        return row(
                change,
                "compared",
                Cell.number(before == null ? "nothing was measured" : words(before)),
                new Cell(after == null ? absent(change) : words(after), worse ? Tone.WARN : Tone.NUMBER));
    }

    private static String words(Counts counts) {
        return Words.number(counts.matched()) + " matched, " + Words.number(counts.diverged()) + " diverged, "
                + Words.number(counts.unconfirmed()) + " unconfirmed";
    }

    /** While the time after it passes, nothing is known yet; afterwards nothing was counted in it. */
    private static String absent(Change change) {
        return change.after() == null
                ? "not kept before " + Words.moment(change.at().plus(Duration.ofMinutes(15)))
                : "nothing was measured";
    }

    private static List<Cell> row(Change change, String of, Cell before, Cell after) {
        return List.of(Cell.number(Words.moment(change.at())), Cell.of(change.what()), Cell.of(of), before, after);
    }
}
