package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Change;
import dev.changeover.shadowcompare.report.Calls.Operation;
import dev.changeover.shadowcompare.report.Calls.Served;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what each side served. */
final class CallRows {
    private static final int MOST = 50;

    private static final String CALLS = """
            WITH counted AS (
                SELECT c.repository, c.operation, c.side, sum(c.calls)::bigint AS calls, sum(c.failures)::bigint AS failures
                  FROM changeover.call c WHERE c.at >= ? GROUP BY 1, 2, 3),
            bucket AS (
                SELECT c.repository, c.operation, c.side, b.n, sum(b.v)::bigint AS v
                  FROM changeover.call c, unnest(c.buckets) WITH ORDINALITY b (v, n) WHERE c.at >= ? GROUP BY 1, 2, 3, 4)
            SELECT c.repository, left(c.operation, 120) AS operation, c.side, c.calls, c.failures,
                   (SELECT array_agg(b.v ORDER BY b.n) FROM bucket b
                     WHERE (b.repository, b.operation, b.side) = (c.repository, c.operation, c.side)) AS buckets
              FROM counted c ORDER BY c.repository, c.operation, c.side""";

    /** The minute of the step itself belongs to neither side of it; neither does what came before or after its neighbours. */
    private static final String CHANGES = """
            WITH every AS (
                SELECT h.id, h.repository, h.at, h.action, left(h.before, 60) AS before, left(h.after, 60) AS after,
                       greatest(h.at - interval '1 hour', lag(h.at) OVER w) AS since,
                       least(h.at + interval '1 hour', lead(h.at) OVER w) AS until,
                       row_number() OVER (PARTITION BY h.repository ORDER BY h.id DESC) AS n
                  FROM changeover.history h WHERE h.action IN ('MOVE', 'PERCENT')
                WINDOW w AS (PARTITION BY h.repository ORDER BY h.id)),
            step AS (SELECT * FROM every WHERE n <= 3 AND at >= ?),
            met AS (
                SELECT s.id, c.at >= s.at AS later, c.calls, c.failures, c.buckets
                  FROM step s JOIN changeover.call c ON c.repository = s.repository
                   AND (c.at >= s.since AND c.at < date_trunc('minute', s.at) OR c.at >= s.at AND c.at < s.until)),
            counted AS (SELECT id, later, sum(calls)::bigint AS calls, sum(failures)::bigint AS failures FROM met GROUP BY 1, 2),
            bucket AS (SELECT id, later, b.n, sum(b.v)::bigint AS v FROM met, unnest(buckets) WITH ORDINALITY b (v, n)
                        GROUP BY 1, 2, 3)
            SELECT s.id, s.repository, s.at, s.action, s.before, s.after, c.later, c.calls, c.failures,
                   (SELECT array_agg(b.v ORDER BY b.n) FROM bucket b WHERE (b.id, b.later) = (c.id, c.later)) AS buckets
              FROM step s LEFT JOIN counted c ON c.id = s.id ORDER BY s.repository, s.id DESC""";

    private CallRows() {}

    private record Line(String operation, boolean next, Served served) {}

    static Map<String, Calls> read(Snapshot snapshot) throws SQLException {
        Map<String, List<Line>> lines = snapshot.byRepository(CALLS, CallRows::line);
        Map<String, List<Map.Entry<Long, Change>>> changes = snapshot.byRepository(CHANGES, CallRows::change);
        Map<String, Calls> all = new HashMap<>();
        lines.forEach((name, each) -> all.put(name, new Calls(operations(each), List.of())));
        changes.forEach((name, each) -> all.merge(
                name,
                new Calls(List.of(), joined(each)),
                (one, other) -> new Calls(one.operations(), other.changes())));
        return all;
    }

    private static Line line(Row row) throws SQLException {
        return new Line(row.text("operation"), "NEW".equals(row.text("side")), served(row));
    }

    private static Served served(Row row) throws SQLException {
        long[] buckets = row.numbers("buckets");
        return new Served(
                row.number("calls"),
                row.number("failures"),
                Buckets.millis(buckets, 0.5),
                Buckets.millis(buckets, 0.95),
                Buckets.millis(buckets, 0.99));
    }

    private static List<Operation> operations(List<Line> lines) {
        Map<String, Served> legacy = new TreeMap<>();
        Map<String, Served> next = new TreeMap<>();
        lines.forEach(line -> (line.next() ? next : legacy).put(line.operation(), line.served()));
        List<String> names = lines.stream().map(Line::operation).distinct().toList();
        return names.stream()
                .map(name -> new Operation(name, legacy.get(name), next.get(name)))
                .sorted(Comparator.comparingLong(Operation::calls).reversed().thenComparing(Operation::name))
                .limit(MOST)
                .toList();
    }

    private static Map.Entry<Long, Change> change(Row row) throws SQLException {
        boolean known = row.maybeNumber("calls") != null;
        Served served = known ? served(row) : null;
        boolean later = row.flag("later");
        Instant at = row.moment("at");
        return Map.entry(row.number("id"), new Change(at, what(row), later ? null : served, later ? served : null));
    }

    private static String what(Row row) throws SQLException {
        String unit = "PERCENT".equals(row.text("action")) ? " %" : "";
        return row.text("before") + unit + " -> " + row.text("after") + unit;
    }

    private static List<Change> joined(List<Map.Entry<Long, Change>> rows) {
        Map<Long, Change> changes = new LinkedHashMap<>();
        rows.forEach(row -> changes.merge(row.getKey(), row.getValue(), CallRows::joined));
        return new ArrayList<>(changes.values());
    }

    private static Change joined(Change one, Change other) {
        return new Change(
                one.at(), one.what(), either(one.before(), other.before()), either(one.after(), other.after()));
    }

    private static @Nullable Served either(@Nullable Served one, @Nullable Served other) {
        return one == null ? other : one;
    }
}
