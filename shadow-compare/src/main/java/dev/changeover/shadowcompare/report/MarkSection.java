package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Table;
import java.time.Instant;
import java.util.List;

/** What the follower lacks, and who wrote round the library. */
final class MarkSection {
    private static final String FOREIGN = "Who wrote round the library: ";

    private MarkSection() {}

    static Section of(TransitionReport report, RepositoryReport repository) {
        Marks marks = repository.marks();
        Section section = new Section("marks", "What does the other side lack?", false).say(lead(marks, report.at()));
        if (!marks.reasons().isEmpty()) {
            section.add(reasons(marks, report.at()));
        }
        if (!marks.parked().isEmpty()) {
            section.add(parked(marks));
        }
        return marks.foreignWriters().isEmpty()
                ? section.say(watch(repository.position()))
                : section.add(writers(marks, report.at()));
    }

    private static String lead(Marks marks, Instant now) {
        if (marks.count() == 0 && marks.parkedKeys() == 0) {
            return "No mark is open: as far as the library knows the other side has everything.";
        }
        return Words.count(marks.count(), "mark") + (marks.count() == 1 ? " is" : " are") + " open"
                + (marks.oldest() == null ? "" : ", the oldest of " + Words.ago(marks.oldest(), now)) + "; "
                + Words.count(marks.parkedKeys(), "key")
                + (marks.parkedKeys() == 1 ? " waits" : " wait") + " for a person.";
    }

    private static String watch(Position position) {
        return position.watched().isEmpty()
                ? "No sentinel watches it: who writes round the library is not seen."
                : "Sentinels watch "
                        + String.join(
                                " and ",
                                position.watched().stream().map(Words::lower).toList())
                        + "; nobody wrote round the library.";
    }

    private static Table reasons(Marks marks, Instant now) {
        return new Table(
                "Open marks by reason",
                false,
                List.of("reason", "right side", "marks", "oldest"),
                marks.reasons().stream()
                        .map(each -> List.of(
                                Cell.of(each.reason()),
                                Cell.of(Words.lower(each.right())),
                                Cell.number(each.count()),
                                Cell.number(Words.ago(each.oldest(), now))))
                        .toList());
    }

    private static Table parked(Marks marks) {
        return new Table(
                "Parked keys: " + marks.parked().size() + " of " + Words.number(marks.parkedKeys()),
                false,
                List.of("key", "attempts", "why"),
                marks.parked().stream()
                        .map(each ->
                                List.of(Cell.code(each.key()), Cell.number(each.attempts()), Cell.of(each.lastError())))
                        .toList());
    }

    private static Table writers(Marks marks, Instant now) {
        return new Table(
                FOREIGN + Words.count(marks.foreignChanges(), "row"),
                false,
                List.of("user", "application", "what", "right side", "rows", "last"),
                marks.foreignWriters().stream()
                        .map(each -> List.of(
                                Cell.code(each.writer()),
                                Cell.code(each.application()),
                                Cell.of(each.reason()),
                                Cell.of(Words.lower(each.side())),
                                Cell.number(each.changes()),
                                Cell.number(Words.ago(each.lastAt(), now))))
                        .toList());
    }
}
