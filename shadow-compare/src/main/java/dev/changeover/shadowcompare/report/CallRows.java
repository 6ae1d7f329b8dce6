package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Operation;
import dev.changeover.shadowcompare.report.Calls.Served;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    private CallRows() {}

    private record Line(String operation, boolean next, Served served) {}

    static Map<String, Calls> read(Snapshot snapshot) throws SQLException {
        Map<String, List<Line>> lines = snapshot.byRepository(CALLS, CallRows::line);
        Map<String, Calls> all = new HashMap<>();
        lines.forEach((name, each) -> all.put(name, new Calls(operations(each), List.of())));
        ChangeRows.read(snapshot)
                .forEach((name, changes) -> all.merge(
                        name,
                        new Calls(List.of(), changes),
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
}
