package dev.changeover.shadowcompare.report;

import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** May it go on, what exactly is missing and until when, and what is lost by going back. */
final class GateSection {
    private static final int KEYS = 20;

    private GateSection() {}

    static Section of(TransitionReport report, RepositoryReport repository) {
        Section section = new Section("gates", "May it go on?", true);
        GateAnswers gates = repository.gates();
        if (gates == null) {
            return section.say(
                    repository.position().last()
                            ? "It has arrived; there is no move left."
                            : "No instance was asked: gates are the application's, and the control schema does not"
                                    + " know them. Ask with changeover.gates() or with the verb gates.");
        }
        for (GateReport move : gates.moves()) {
            section.add(move(move, repository.history().unchangedSince(), report.at()));
        }
        if (gates.back() != null) {
            back(section, gates.back());
        }
        return section;
    }

    private static Table move(GateReport move, @Nullable Instant from, Instant now) {
        int passed = move.results().size() - move.open().size();
        String caption = move.move() + ": "
                + (move.results().isEmpty()
                        ? "no gates, it may go on"
                        : (move.passed() ? "it may go on, " : "not yet, ") + passed + " of "
                                + Words.count(move.results().size(), "gate") + " passed");
        List<List<Cell>> rows = new ArrayList<>();
        move.results().forEach(result -> rows.add(row(result, from, now)));
        return new Table(caption, false, List.of("gate", "verdict", "found", "wanted", "what is missing"), rows);
    }

    private static List<Cell> row(GateResult result, @Nullable Instant from, Instant now) {
        String missing = Objects.toString(result.missing(), "");
        String until = result.until() == null ? "" : Conclusion.until(result.until(), now);
        Double progress = GateAnswers.progress(result, from, now);
        return List.of(
                Cell.of(result.gate()),
                new Cell(result.verdict().name(), tone(result.verdict())),
                Cell.of(result.value()),
                new Cell(result.limit(), Tone.QUIET),
                new Cell(
                        missing + (missing.isEmpty() || until.isEmpty() ? "" : ", ") + until,
                        Tone.PLAIN,
                        progress == null ? new Html() : Charts.progress(progress)));
    }

    static Tone tone(GateResult.Verdict verdict) {
        return switch (verdict) {
            case PASS -> Tone.GOOD;
            case FAIL -> Tone.BAD;
            case UNKNOWN -> Tone.WARN;
        };
    }

    private static void back(Section section, BackMove back) {
        String loss = switch (back.verdict()) {
            case SAFE -> "nothing is lost";
            case SAFE_AFTER_DRAIN -> "nothing is lost once the marks are drained, which the move waits for";
            case LOSSY -> "data would be lost";
        };
        String to = back.to() == null ? "There is no step back" : "A step back to " + back.to();
        section.say(to + ": " + back.verdict() + ", " + loss + ". " + back.explanation());
        if (!back.keys().isEmpty()) {
            List<List<Cell>> keys = back.keys().stream()
                    .limit(KEYS)
                    .map(key -> List.of(Cell.code(key)))
                    .toList();
            section.add(new Table(
                    "Keys that a step back concerns: " + keys.size() + " of "
                            + back.keys().size(),
                    true,
                    List.of("key"),
                    keys));
        }
    }
}
