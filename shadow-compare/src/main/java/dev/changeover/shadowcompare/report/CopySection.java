package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Copies.Job;
import dev.changeover.shadowcompare.report.Copies.Run;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Picture;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How far the backfill is, and what verifications found. */
final class CopySection {
    private static final Duration SILENT = Duration.ofMinutes(5);

    private CopySection() {}

    static Section of(TransitionReport report, RepositoryReport repository) {
        Copies copies = repository.copies();
        Section section = new Section("copies", "Is everything there?", false);
        if (copies.jobs().isEmpty()) {
            section.say("No backfill or reseed was begun, or its side was left since.");
        } else {
            section.add(jobs(copies.jobs(), report.at()));
        }
        if (copies.verifications().isEmpty()) {
            return section.say("It was never verified as a whole.");
        }
        return section.add(new Picture(Charts.verifications(copies.verifications())))
                .add(runs(copies.verifications(), report.at()));
    }

    private static Table jobs(List<Job> jobs, Instant now) {
        return new Table(
                "Backfill and reseed",
                false,
                List.of("job", "state", "rows", "skipped", "parked", "rows/s", "took"),
                jobs.stream().map(job -> row(job, now)).toList());
    }

    private static List<Cell> row(Job job, Instant now) {
        Duration took = Duration.between(job.startedAt(), job.updatedAt());
        long rate = took.toMillis() <= 0 ? 0 : job.rows() * 1000 / took.toMillis();
        boolean silent = Duration.between(job.updatedAt(), now).compareTo(SILENT) > 0;
        Cell state = job.finished()
                ? new Cell("finished", Tone.GOOD)
                : new Cell(
                        silent ? "not heard of for " + Words.span(Duration.between(job.updatedAt(), now)) : "runs",
                        Tone.WARN);
        return List.of(
                Cell.of(job.job()),
                state,
                Cell.number(job.rows()),
                Cell.number(job.skipped()),
                new Cell(Words.number(job.parked()), job.parked() > 0 ? Tone.WARN : Tone.NUMBER),
                Cell.number(rate),
                Cell.number(Words.span(took)));
    }

    private static Table runs(List<Run> runs, Instant now) {
        return new Table(
                "Verifications, newest first",
                false,
                List.of("begun (UTC)", "verdict", "keys", "found", "fields that differ"),
                runs.stream().map(run -> row(run, now)).toList());
    }

    private static List<Cell> row(Run run, Instant now) {
        double share = run.estimated() <= 0 ? 0 : Math.min(1, (double) run.keys() / run.estimated());
        return List.of(
                Cell.number(Words.moment(run.startedAt())),
                verdict(run, now),
                run.verdict() == null && share > 0
                        ? new Cell(
                                Words.number(run.keys()) + " of about " + Words.number(run.estimated()),
                                Tone.PLAIN,
                                Charts.progress(share))
                        : Cell.number(run.keys()),
                Cell.of(counts(run.counts())),
                Cell.of(counts(run.fields())));
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> DivergenceSection.path(each.getKey()) + " " + Words.number(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static Cell verdict(Run run, Instant now) {
        if (run.verdict() == null) {
            boolean silent = Duration.between(run.updatedAt(), now).compareTo(SILENT) > 0;
            return new Cell(silent ? "died" : "runs", Tone.WARN);
        }
        return switch (run.verdict()) {
            case "MATCH" -> run.telling() ? new Cell("MATCH", Tone.GOOD) : new Cell("MATCH of some keys", Tone.PLAIN);
            case "DIVERGED" -> new Cell("DIVERGED", Tone.BAD);
            default -> new Cell(run.verdict(), Tone.WARN);
        };
    }
}
