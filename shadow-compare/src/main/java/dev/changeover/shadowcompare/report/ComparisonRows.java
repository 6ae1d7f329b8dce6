package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Comparisons.Counts;
import dev.changeover.shadowcompare.report.Comparisons.Named;
import dev.changeover.shadowcompare.report.Comparisons.Slot;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what was compared. */
final class ComparisonRows {
    static final int SLOTS = 48;
    private static final int MOST = 50;

    private static final String COUNTS = """
            SELECT c.repository, left(c.source, 60) AS source, left(c.operation, 120) AS operation,
                   date_trunc('minute', c.at) AS at, sum(c.matched)::bigint AS matched, sum(c.accepted)::bigint AS accepted,
                   sum(c.marked)::bigint AS marked, sum(c.diverged)::bigint AS diverged, sum(c.failed)::bigint AS failed,
                   sum(c.unconfirmed)::bigint AS unconfirmed
              FROM changeover.comparison c WHERE c.at >= ?
             GROUP BY GROUPING SETS ((1), (1, 2), (1, 3), (1, 4))""";

    private ComparisonRows() {}

    private record Line(
            @Nullable String source,
            @Nullable String operation,
            @Nullable Instant at,
            Counts counts) {}

    static Map<String, Comparisons> read(Snapshot snapshot) throws SQLException {
        Map<String, Comparisons> all = new HashMap<>();
        snapshot.byRepository(COUNTS, ComparisonRows::line)
                .forEach((name, lines) -> all.put(name, comparisons(snapshot, lines)));
        return all;
    }

    private static Line line(Row row) throws SQLException {
        return new Line(
                row.maybe("source"),
                row.maybe("operation"),
                row.maybeMoment("at"),
                new Counts(
                        row.number("matched"),
                        row.number("accepted"),
                        row.number("marked"),
                        row.number("diverged"),
                        row.number("failed"),
                        row.number("unconfirmed")));
    }

    private static Comparisons comparisons(Snapshot snapshot, List<Line> lines) {
        List<Named> sources = new ArrayList<>();
        List<Named> operations = new ArrayList<>();
        Counts[] slots = new Counts[SLOTS];
        Arrays.fill(slots, Counts.NONE);
        Counts total = Counts.NONE;
        for (Line line : lines) {
            if (line.source() != null) {
                sources.add(new Named(line.source(), line.counts()));
            } else if (line.operation() != null) {
                operations.add(new Named(line.operation(), line.counts()));
            } else if (line.at() != null) {
                int slot = slot(snapshot, line.at());
                slots[slot] = slots[slot].plus(line.counts());
            } else {
                total = line.counts();
            }
        }
        sources.sort(Comparator.comparing(Named::name));
        operations.sort(Comparator.comparingLong((Named each) -> -each.counts().diverged())
                .thenComparing(each -> -each.counts().all())
                .thenComparing(Named::name));
        return new Comparisons(
                total, sources, operations.subList(0, Math.min(MOST, operations.size())), slots(snapshot, slots));
    }

    private static int slot(Snapshot snapshot, Instant at) {
        long all = Duration.between(snapshot.since(), snapshot.at()).toMillis();
        long past = Duration.between(snapshot.since(), at).toMillis();
        return (int) Math.max(0, Math.min(SLOTS - 1, past * SLOTS / all));
    }

    private static List<Slot> slots(Snapshot snapshot, Counts[] counts) {
        Duration step = Duration.between(snapshot.since(), snapshot.at()).dividedBy(SLOTS);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            slots.add(new Slot(snapshot.since().plus(step.multipliedBy(i)), counts[i]));
        }
        return slots;
    }
}
