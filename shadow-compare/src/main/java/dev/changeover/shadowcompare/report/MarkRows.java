package dev.changeover.shadowcompare.report;

import dev.changeover.core.ForeignWriter;
import dev.changeover.core.Side;
import dev.changeover.shadowcompare.report.Marks.Parked;
import dev.changeover.shadowcompare.report.Marks.Reason;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what the followers lack, and who wrote round the library. */
final class MarkRows {

    private static final String TOTALS = """
            SELECT s.name AS repository, s.marks, s.oldest_mark, s.parked, s.foreign_changes FROM changeover.status s""";

    private static final String REASONS = """
            SELECT x.* FROM (
                SELECT r.name AS repository, m.side, left(m.reason, 200) AS why, count(*) AS count, min(m.at) AS oldest,
                       row_number() OVER (PARTITION BY r.name ORDER BY count(*) DESC, left(m.reason, 200)) AS n
                  FROM changeover.mark m JOIN changeover.repository r ON r.number = m.repository GROUP BY 1, 2, 3) x
             WHERE x.n <= 20 ORDER BY x.repository, x.n""";

    private static final String PARKED = """
            SELECT x.* FROM (
                SELECT r.name AS repository, left(a.key, 160) AS key, a.attempts, left(a.last_error, 300) AS last_error,
                       row_number() OVER (PARTITION BY r.name ORDER BY a.key) AS n
                  FROM changeover.attempt a JOIN changeover.repository r ON r.number = a.repository WHERE a.parked) x
             WHERE x.n <= 20 ORDER BY x.repository, x.n""";

    private static final String WRITERS = """
            SELECT x.* FROM (
                SELECT f.repository, f.side, left(f.reason, 200) AS reason, left(f.writer, 100) AS writer,
                       left(f.application, 100) AS application, f.changes, f.first_at, f.last_at,
                       row_number() OVER (PARTITION BY f.repository ORDER BY f.last_at DESC, f.writer) AS n
                  FROM changeover.foreign_writers f) x
             WHERE x.n <= 20 ORDER BY x.repository, x.n""";

    private MarkRows() {}

    static Map<String, Marks> read(Snapshot snapshot) throws SQLException {
        Map<String, List<Reason>> reasons = snapshot.byRepository(REASONS, MarkRows::reason);
        Map<String, List<Parked>> parked = snapshot.byRepository(PARKED, MarkRows::parked);
        Map<String, List<ForeignWriter>> writers = snapshot.byRepository(WRITERS, MarkRows::writer);
        Map<String, Marks> all = new HashMap<>();
        snapshot.byRepository(TOTALS, MarkRows::totals).forEach((name, totals) -> {
            Marks one = totals.get(0);
            all.put(
                    name,
                    new Marks(
                            one.count(),
                            one.oldest(),
                            one.parkedKeys(),
                            reasons.getOrDefault(name, List.of()),
                            parked.getOrDefault(name, List.of()),
                            one.foreignChanges(),
                            writers.getOrDefault(name, List.of())));
        });
        return all;
    }

    private static Marks totals(Row row) throws SQLException {
        return new Marks(
                row.number("marks"),
                row.maybeMoment("oldest_mark"),
                row.number("parked"),
                List.of(),
                List.of(),
                row.number("foreign_changes"),
                List.of());
    }

    private static Reason reason(Row row) throws SQLException {
        return new Reason(Side.valueOf(row.text("side")), row.text("why"), row.number("count"), row.moment("oldest"));
    }

    private static Parked parked(Row row) throws SQLException {
        return new Parked(row.text("key"), (int) row.number("attempts"), row.text("last_error"));
    }

    private static ForeignWriter writer(Row row) throws SQLException {
        return new ForeignWriter(
                row.text("repository"),
                Side.valueOf(row.text("side")),
                row.text("reason"),
                row.text("writer"),
                row.text("application"),
                row.number("changes"),
                row.moment("first_at"),
                row.moment("last_at"));
    }
}
