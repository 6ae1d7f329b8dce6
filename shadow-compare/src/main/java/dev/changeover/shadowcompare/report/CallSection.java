package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Operation;
import dev.changeover.shadowcompare.report.Calls.Served;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much slower new is, and what the last moves changed. */
final class CallSection {

    private CallSection() {}

    static Section of(TransitionReport report, RepositoryReport repository) {
        Calls calls = repository.calls();
        Section section = new Section("speed", "How much slower is it?", true)
                .say(lead(calls.operations(), Words.span(Duration.between(report.since(), report.at()))));
        if (!calls.operations().isEmpty()) {
            section.add(operations(calls.operations()));
        }
        return calls.changes().isEmpty() ? section : section.add(ChangeTable.of(calls.changes()));
    }

    private static String lead(List<Operation> operations, String window) {
        if (operations.isEmpty()) {
            return "No call was counted in the last " + window + ".";
        }
        Optional<Operation> worst = operations.stream()
                .filter(each -> each.ratio() != null)
                .max(Comparator.comparingDouble(each -> each.ratio() == null ? 0 : each.ratio()));
        return worst.map(each -> "At the p95 new takes at most " + Words.times(each.ratio())
                                + " the time of legacy, in " + each.name() + ".")
                        .orElse("Only one side served calls, so there is nothing to compare.")
                + " Counted in the last " + window + "; percentiles are within a fifth.";
    }

    private static Table operations(List<Operation> operations) {
        double slowest = operations.stream()
                .mapToDouble(each -> Math.max(p99(each.legacy()), p99(each.next())))
                .max()
                .orElse(1);
        return new Table(
                "By operation: p50 / p95 / p99",
                false,
                List.of(
                        "operation",
                        "legacy",
                        "legacy calls",
                        "new",
                        "new calls",
                        "p95 new : legacy",
                        "p50 to p99: ● legacy, ◆ new"),
                operations.stream().map(each -> row(each, slowest)).toList());
    }

    private static double p99(@Nullable Served served) {
        return served == null ? 0 : served.p99();
    }

    private static List<Cell> row(Operation each, double slowest) {
        boolean slower = each.ratio() != null && each.ratio() > 1.2;
        return List.of(
                Cell.code(each.name()),
                Cell.number(latency(each.legacy())),
                Cell.number(calls(each.legacy())),
                Cell.number(latency(each.next())),
                Cell.number(calls(each.next())),
                new Cell(Words.times(each.ratio()), slower ? Tone.WARN : Tone.NUMBER),
                new Cell("", Tone.PLAIN, Charts.latencies(each, slowest)));
    }

    private static String latency(@Nullable Served served) {
        return served == null
                ? "–"
                : Words.plainMillis(served.p50()) + " / " + Words.plainMillis(served.p95()) + " / "
                        + Words.millis(served.p99());
    }

    private static String calls(@Nullable Served served) {
        if (served == null) {
            return "–";
        }
        String failed = served.failures() == 0 ? "" : ", " + Words.number(served.failures()) + " failed";
        return Words.number(served.calls()) + failed;
    }
}
