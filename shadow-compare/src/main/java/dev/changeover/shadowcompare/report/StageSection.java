package dev.changeover.shadowcompare.report;

import dev.changeover.core.InstanceStatus;
import dev.changeover.core.Stage;
import dev.changeover.shadowcompare.report.History.Stretch;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Picture;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Which stage it is in, since when, on which instances. */
final class StageSection {

    private StageSection() {}

    static Section of(TransitionReport report, RepositoryReport repository) {
        Position position = repository.position();
        Instant since = repository.history().unchangedSince();
        Section section = new Section("stage", "Where is it?", false)
                .say(position.shown() + (since == null ? ", never moved" : " for " + span(since, report.at()))
                        + ", epoch "
                        + Words.number(position.epoch()) + ", on "
                        + Words.count(position.instances(), "live instance")
                        + (position.behind() == 0
                                ? "; none is behind."
                                : "; " + Words.number(position.behind()) + " behind, which a move waits for."));
        DualWriting dual = position.dual();
        if (dual != null) {
            section.say(dual.shown(report.at()));
        }
        String more = more(position);
        if (!more.isEmpty()) {
            section.say(more);
        }
        List<Stretch> stretches = repository.history().stretches();
        if (!stretches.isEmpty()) {
            section.add(new Picture(Charts.share(stretches, report.at()))).add(stretches(stretches, report.at()));
        }
        return repository.instances().isEmpty() ? section : section.add(instances(repository, report.at()));
    }

    private static String more(Position position) {
        List<String> all = new ArrayList<>();
        if (position.stage() != Stage.LEGACY_ONLY && !position.backfilled()) {
            all.add("It is not backfilled: absence on new says nothing.");
        }
        if (position.stale() != null) {
            all.add(Words.lower(position.stale()) + " is stale: it has missed writes.");
        }
        if (!position.dependsOn().isEmpty()) {
            all.add("It depends on " + String.join(", ", position.dependsOn()) + ".");
        }
        if (!position.legacyOnly().isEmpty()) {
            all.add("New does not have yet: " + String.join(", ", position.legacyOnly()) + ".");
        }
        if (position.inTheWay() != null) {
            all.add("A move would wait for: " + position.inTheWay() + ".");
        }
        return String.join(" ", all);
    }

    private static Table stretches(List<Stretch> stretches, Instant now) {
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = stretches.size() - 1; i >= 0; i--) {
            Stretch each = stretches.get(i);
            rows.add(List.of(
                    Cell.of(each.stage().name()),
                    Cell.number(each.percent() + " %"),
                    Cell.number(Words.moment(each.from())),
                    Cell.number(span(each.from(), Objects.requireNonNullElse(each.to(), now)))));
        }
        return new Table(
                "Stages and percentages so far: " + rows.size(),
                true,
                List.of("stage", "reads on new", "from (UTC)", "for"),
                rows);
    }

    private static String span(Instant from, Instant to) {
        return Words.span(Duration.between(from, to));
    }

    private static Table instances(RepositoryReport repository, Instant now) {
        List<List<Cell>> rows = repository.instances().stream()
                .map(each -> List.of(
                        Cell.code(each.instance()),
                        Cell.of(each.application()),
                        state(each, now),
                        Cell.number(each.epoch()),
                        Cell.number(each.revision())))
                .toList();
        return new Table(
                "Instances", true, List.of("instance", "application", "state", "epoch seen", "revision seen"), rows);
    }

    private static Cell state(InstanceStatus instance, Instant now) {
        if (instance.behind()) {
            return new Cell("behind", Tone.WARN);
        }
        return instance.live()
                ? new Cell("up to date", Tone.GOOD)
                : new Cell("gone " + Words.ago(instance.leaseUntil(), now), Tone.QUIET);
    }
}
