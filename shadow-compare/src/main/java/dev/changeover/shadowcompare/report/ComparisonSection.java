package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Comparisons.Counts;
import dev.changeover.shadowcompare.report.Comparisons.Named;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Picture;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was compared, and how often it differed. */
final class ComparisonSection {
    private static final List<String> COUNTS =
            List.of("matched", "accepted", "marked", "diverged", "failed", "unconfirmed", "3/n");

    private ComparisonSection() {}

    static Section of(TransitionReport report, RepositoryReport repository) {
        Comparisons all = repository.comparisons();
        Section section = new Section("comparisons", "How often does it differ?", false)
                .say(lead(all.total(), Words.span(Duration.between(report.since(), report.at()))));
        if (all.total().all() == 0) {
            return section;
        }
        section.add(new Picture(Charts.comparisons(all.slots())))
                .add(table("By source", false, "source", named(all.sources())));
        return section.add(table("By operation", true, "operation", all.operations()));
    }

    private static String lead(Counts counts, String window) {
        if (counts.decided() == 0) {
            return counts.all() == 0
                    ? "Nothing was compared in the last " + window + "."
                    : "Of " + Words.number(counts.all()) + " comparisons in the last " + window + " none was decided.";
        }
        String decided = Words.number(counts.decided()) + " comparisons were decided in the last " + window;
        Double bound = counts.bound();
        Double rate = counts.rate();
        return bound != null
                ? decided + ", none diverged: with 95 % confidence fewer than " + Words.share(bound) + " do (3/n)."
                : decided + ", " + Words.number(counts.diverged()) + " diverged: "
                        + Words.share(rate == null ? 0 : rate) + ".";
    }

    private static List<Named> named(List<Named> sources) {
        return sources.stream()
                .map(each -> new Named(Words.lower(each.name()), each.counts()))
                .toList();
    }

    private static Table table(String caption, boolean folded, String what, List<Named> named) {
        List<String> head = new ArrayList<>(List.of(what));
        head.addAll(COUNTS);
        return new Table(
                caption,
                folded,
                head,
                named.stream().map(each -> row(each, folded)).toList());
    }

    private static List<Cell> row(Named named, boolean folded) {
        Counts counts = named.counts();
        return List.of(
                new Cell(named.name(), folded ? Tone.CODE : Tone.PLAIN),
                Cell.number(counts.matched()),
                Cell.number(counts.accepted()),
                Cell.number(counts.marked()),
                new Cell(Words.number(counts.diverged()), counts.diverged() > 0 ? Tone.BAD : Tone.NUMBER),
                Cell.number(counts.failed()),
                Cell.number(counts.unconfirmed()),
                Cell.number(named.bound() == null ? "–" : Words.share(named.bound())));
    }
}
