package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import dev.changeover.shadowcompare.report.Divergences.Field;
import dev.changeover.shadowcompare.report.Divergences.Group;
import dev.changeover.shadowcompare.report.Divergences.Totals;
import dev.changeover.shadowcompare.report.Section.Cell;
import dev.changeover.shadowcompare.report.Section.Table;
import dev.changeover.shadowcompare.report.Section.Tone;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What differs, how often, five of each, and what was decided. */
final class DivergenceSection {

    private DivergenceSection() {}

    static Section of(TransitionReport report, RepositoryReport repository) {
        Divergences all = repository.divergences();
        Section section = new Section("divergences", "What differs?", true).say(lead(all));
        if (all.groups().isEmpty()) {
            return section;
        }
        section.add(tree(all.fields())).add(groups(all, report.at()));
        for (Group group : all.groups()) {
            if (!group.samples().isEmpty()) {
                section.add(
                        samples(group, repository.position().stage().authority().name()));
            }
        }
        return section;
    }

    private static String lead(Divergences all) {
        Totals totals = all.totals();
        if (totals.groups() + totals.shed() == 0) {
            return "No divergence was ever confirmed.";
        }
        return Words.count(totals.count(), "confirmed divergence") + " in "
                + Words.count(totals.groups(), "group") + " of one operation, path and kind; "
                + Words.number(totals.unreviewed()) + " unreviewed, "
                + Words.count(totals.regressions(), "regression") + "."
                + (totals.shed() == 0
                        ? ""
                        : " " + Words.number(totals.shed())
                                + " more were confirmed but not kept apart, and count as unconfirmed.")
                + " Every one was confirmed in one snapshot together with the marks: it is not a race.";
    }

    static String path(String path) {
        return path.isEmpty() ? "(whole)" : path;
    }

    private static Table tree(List<Field> fields) {
        long most = fields.stream().mapToLong(Field::count).max().orElse(1);
        return new Table(
                "By field",
                false,
                List.of("field", "divergences", "unreviewed"),
                fields.stream()
                        .map(each -> List.of(
                                Cell.code(path(each.name())),
                                new Cell(
                                        Words.number(each.count()),
                                        Tone.NUMBER,
                                        Charts.bar((double) each.count() / Math.max(1, most))),
                                unreviewed(each.unreviewed())))
                        .toList(),
                fields.stream().map(Field::depth).toList());
    }

    private static Cell unreviewed(long groups) {
        return groups == 0 ? Cell.number(0) : new Cell(Words.count(groups, "group"), Tone.WARN);
    }

    private static Table groups(Divergences all, Instant now) {
        long more = all.totals().groups() - all.groups().size();
        return new Table(
                "The most urgent first" + (more > 0 ? "; " + Words.number(more) + " more are not shown" : ""),
                false,
                List.of(
                        "id",
                        "field",
                        "operation",
                        "kind",
                        "times",
                        "last seen",
                        "decided",
                        "owner",
                        "ticket",
                        "until"),
                all.groups().stream().map(each -> row(each, now)).toList());
    }

    private static List<Cell> row(Group group, Instant now) {
        return List.of(
                Cell.number(group.id()),
                Cell.code(path(group.path())),
                Cell.code(group.operation()),
                Cell.of(group.kind()),
                Cell.number(group.count()),
                Cell.number(Words.ago(group.lastSeen(), now)),
                state(group),
                Cell.of(text(group.owner())),
                Cell.of(text(group.ticket())),
                Cell.number(group.expires() == null ? "" : Words.moment(group.expires())));
    }

    private static Cell state(Group group) {
        boolean expired = group.unreviewed() && group.state().equals("EXPLAINED");
        Tone tone = switch (group.state()) {
            case "REGRESSION" -> Tone.BAD;
            case "EXPLAINED" -> expired ? Tone.WARN : Tone.GOOD;
            case "FIXED" -> Tone.GOOD;
            default -> Tone.WARN;
        };
        return new Cell(expired ? "EXPLAINED, expired" : group.state(), tone);
    }

    private static String text(@Nullable String text) {
        return Objects.toString(text, "");
    }

    private static Table samples(Group group, String authority) {
        List<List<Cell>> rows =
                group.samples().stream().map(DivergenceSection::sample).toList();
        String follower = authority.equals("NEW") ? "legacy" : "new";
        return new Table(
                "#" + group.id() + " " + path(group.path()) + " in " + group.operation() + ": "
                        + Words.count(rows.size(), "sample"),
                true,
                List.of(
                        "key",
                        "where",
                        "authority (now " + Words.lower(authority) + ")",
                        "follower (now " + follower + ")"),
                rows);
    }

    private static List<Cell> sample(Sample sample) {
        return List.of(
                Cell.code(text(sample.key())),
                Cell.code(path(sample.path())),
                Cell.code(sample.authority()),
                Cell.code(sample.follower()));
    }
}
