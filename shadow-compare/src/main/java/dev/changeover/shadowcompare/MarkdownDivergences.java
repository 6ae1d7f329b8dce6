package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.internal.MarkdownTable;
import dev.changeover.shadowcompare.internal.PlainText;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The divergences of a report: regressions first, then what nobody has looked at yet, then the rest. */
final class MarkdownDivergences {
    private static final List<String> HEAD = List.of(
            "state",
            "owner",
            "ticket",
            "until",
            "operation",
            "path",
            "kind",
            "count",
            "first seen",
            "last seen",
            "for example");

    private MarkdownDivergences() {}

    static String of(ShadowSummary summary) {
        Instant at = summary.at();
        List<DivergenceGroup> groups =
                summary.divergences().stream().sorted(mostUrgentFirst(at)).toList();
        String table = MarkdownTable.of(
                HEAD, groups.stream().map(each -> row(each, at)).toList());
        return headline(groups, at) + table + shed(summary.shed());
    }

    private static Comparator<DivergenceGroup> mostUrgentFirst(Instant at) {
        return Comparator.comparing((DivergenceGroup each) -> each.review().state() != ReviewState.REGRESSION)
                .thenComparing(each -> !each.review().unreviewed(at))
                .thenComparing(each -> each.review().state() != ReviewState.TO_BE_FIXED)
                .thenComparing(Comparator.comparingLong(DivergenceGroup::count).reversed())
                .thenComparing(DivergenceGroup::repository)
                .thenComparing(DivergenceGroup::operation)
                .thenComparing(DivergenceGroup::path)
                .thenComparing(DivergenceGroup::kind);
    }

    private static String headline(List<DivergenceGroup> groups, Instant at) {
        if (groups.isEmpty()) {
            return "";
        }
        long regressions = groups.stream()
                .filter(each -> each.review().state() == ReviewState.REGRESSION)
                .count();
        long unreviewed =
                groups.stream().filter(each -> each.review().unreviewed(at)).count();
        return groups.size() + " in all, " + unreviewed + " unreviewed, " + regressions + " of them a regression.\n\n";
    }

    private static List<String> row(DivergenceGroup group, Instant at) {
        Review review = group.review();
        return List.of(
                review.expired(at) ? "EXPLAINED, expired" : review.state().name(),
                text(review.owner()),
                text(review.ticket()),
                text(review.expires()),
                group.repository() + "." + group.operation(),
                group.path().isEmpty() ? "(whole)" : group.path(),
                group.kind().name(),
                String.valueOf(group.count()),
                group.firstSeen().toString(),
                group.lastSeen().toString(),
                group.samples().stream().map(MarkdownDivergences::shown).collect(Collectors.joining("; ")));
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }

    /** Bounded once more: what is in a summary need not come from a store. */
    private static String shown(DivergenceGroup.Sample sample) {
        String key = sample.key() == null ? "" : PlainText.of(sample.key(), PlainText.VALUE) + ": ";
        return key + PlainText.of(sample.authority(), PlainText.VALUE) + " / "
                + PlainText.of(sample.follower(), PlainText.VALUE);
    }

    private static String shed(Map<String, Long> shed) {
        long all = shed.values().stream().mapToLong(Long::longValue).sum();
        return all == 0
                ? ""
                : "\n\n" + all + " more were confirmed but not kept apart, and count as unconfirmed: "
                        + new TreeMap<>(shed)
                                .entrySet().stream()
                                        .map(each -> MarkdownTable.escaped(each.getKey()) + " " + each.getValue())
                                        .collect(Collectors.joining(", "))
                        + ".";
    }
}
