package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.History.Evidence;
import dev.changeover.shadowcompare.report.History.Step;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Who changed what, when and why, and what the gates said. */
final class HistorySection {

    private HistorySection() {}

    static Section of(RepositoryReport repository) {
        Section section = new Section("history", "Who changed what?", true);
        List<Step> steps = repository.history().steps();
        return steps.isEmpty()
                ? section.say("Nobody has changed anything yet.")
                : section.add(new Table(
                        "Newest first",
                        false,
                        List.of("when (UTC)", "what", "who", "why", "what the gates said"),
                        steps.stream().map(HistorySection::row).toList()));
    }

    private static List<Cell> row(Step step) {
        return List.of(
                Cell.number(Words.moment(step.at())),
                Cell.of(what(step)),
                Cell.of(step.actor()),
                Cell.of(step.reason()),
                gates(step));
    }

    private static String what(Step step) {
        String unit = step.action().equals("PERCENT") ? " %" : "";
        String before = step.before() == null ? "" : " " + step.before() + unit;
        String after = step.after() == null ? "" : (step.before() == null ? " " : " → ") + step.after() + unit;
        return step.action() + before + after;
    }

    private static Cell gates(Step step) {
        if (step.gates().isEmpty()) {
            return Cell.of("");
        }
        List<Evidence> open = step.gates().stream()
                .filter(each -> !each.verdict().equals("PASS"))
                .toList();
        String all = step.gates().size() - open.size() + " of " + step.gates().size() + " passed";
        String said = open.stream()
                .map(each -> each.gate() + " " + each.verdict() + ": " + Objects.toString(each.missing(), each.value()))
                .collect(Collectors.joining("; "));
        return new Cell(
                (step.overridden() ? "overridden, " : "") + all + (said.isEmpty() ? "" : "; " + said),
                step.overridden() ? Tone.WARN : Tone.QUIET);
    }
}
