package dev.changeover.core.control;

import dev.changeover.core.Side;
import dev.changeover.core.gate.CleanComparisons;
import dev.changeover.core.gate.LastVerification;
import dev.changeover.core.gate.Measured;
import dev.changeover.core.measure.CallCount;
import dev.changeover.core.measure.Latencies;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what all instances have measured of a repository, in the snapshot of the connection. */
final class MeasuredQuery {

    private static final String VERIFICATION = """
            SELECT verdict, started_at, coalesce((counts->>'equal')::bigint, 0) + coalesce((counts->>'accepted')::bigint, 0) AS same,
                   coalesce((counts->>'different')::bigint, 0) + coalesce((counts->>'missing')::bigint, 0)
                       + coalesce((counts->>'extra')::bigint, 0) + coalesce((counts->>'unmappable')::bigint, 0) AS diverged
              FROM changeover.verification WHERE repository = ? AND telling ORDER BY id DESC LIMIT 1""";

    /**
     * A minute in which there was a divergence that nobody has explained is not clean, nor is any before it. Divergences
     * are told apart from the counts, by instances with clocks of their own, and may be shed or kept in a log elsewhere:
     * so one that was counted is explained only if a divergence of its operation is.
     */
    private static final String COMPARISONS = """
            SELECT coalesce(sum(c.matched + c.accepted + c.diverged), 0)::bigint AS compared, min(c.at) AS since,
                   coalesce(sum(c.matched + c.accepted + c.diverged)
                       FILTER (WHERE c.at > clock_timestamp() - interval '1 hour'), 0)::bigint AS last_hour,
                   max(l.diverged) AS diverged
              FROM (SELECT r.name, greatest(
                       (SELECT max(d.last_seen) FROM changeover.divergence d
                         WHERE d.repository = r.name AND NOT (d.state = 'EXPLAINED' AND d.expires > clock_timestamp())),
                       (SELECT s.last_seen FROM changeover.divergence_shed s WHERE s.repository = r.name),
                       (SELECT max(x.at) FROM changeover.comparison x
                         WHERE x.repository = r.name AND x.diverged > 0 AND NOT EXISTS (
                             SELECT FROM changeover.divergence d
                              WHERE d.repository = x.repository AND d.operation = x.operation
                                AND d.state = 'EXPLAINED' AND d.expires > clock_timestamp()))) AS diverged
                      FROM (SELECT ?::text AS name) r) l
              LEFT JOIN changeover.comparison c ON c.repository = l.name AND c.matched + c.accepted + c.diverged > 0
                   AND c.at > coalesce(date_trunc('minute', l.diverged), '-infinity')""";

    private static final String UNREVIEWED = """
            SELECT DISTINCT path FROM changeover.divergences WHERE repository = ? AND unreviewed ORDER BY path LIMIT 100""";

    private static final String REHEARSALS = """
            SELECT w AS operation, coalesce(sum(c.matched + c.accepted), 0)::bigint AS rehearsed
              FROM changeover.repository r CROSS JOIN unnest(r.writes) w
              LEFT JOIN changeover.comparison c ON c.repository = r.name AND c.operation = w AND c.source = 'REHEARSAL'
             WHERE r.name = ? GROUP BY w""";

    private static final String CALLS = """
            SELECT c.operation, c.side, sum(c.failures)::bigint AS failures, least(sum(c.nanos), 9e18)::bigint AS nanos,
                   changeover.sum_buckets(c.buckets) AS buckets
              FROM changeover.call c
             WHERE c.repository = ?
               AND c.at >= CASE c.side WHEN 'LEGACY' THEN clock_timestamp() - interval '7 days'
                   ELSE greatest(clock_timestamp() - interval '1 day',
                                 (SELECT date_trunc('minute', max(h.at)) FROM changeover.history h
                                   WHERE h.repository = c.repository AND h.action IN ('MOVE', 'PERCENT'))) END
             GROUP BY c.operation, c.side ORDER BY c.operation, c.side""";

    private MeasuredQuery() {}

    /** What is read from one row. */
    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    static Measured read(Connection connection, String repository) throws SQLException {
        Map<String, Long> rehearsals = new LinkedHashMap<>();
        rows(connection, REHEARSALS, repository, row -> rehearsals.put(row.getString(1), row.getLong(2)));
        List<LastVerification> last = rows(connection, VERIFICATION, repository, MeasuredQuery::verification);
        return new Measured(
                last.isEmpty() ? null : last.get(0),
                rows(connection, COMPARISONS, repository, MeasuredQuery::comparisons)
                        .get(0),
                rows(connection, UNREVIEWED, repository, row -> row.getString(1)),
                rehearsals,
                rows(connection, CALLS, repository, row -> calls(repository, row)));
    }

    private static <T> List<T> rows(Connection connection, String sql, String repository, Row<T> row)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(row.of(rows));
                }
                return all;
            }
        }
    }

    private static LastVerification verification(ResultSet row) throws SQLException {
        long diverged = row.getLong("diverged");
        return new LastVerification(
                row.getString("verdict"),
                row.getTimestamp("started_at").toInstant(),
                row.getLong("same") + diverged,
                diverged);
    }

    private static CleanComparisons comparisons(ResultSet row) throws SQLException {
        return new CleanComparisons(
                row.getLong("compared"), moment(row, "since"), row.getLong("last_hour"), moment(row, "diverged"));
    }

    private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
        Timestamp moment = row.getTimestamp(column);
        return moment == null ? null : moment.toInstant();
    }

    private static CallCount calls(String repository, ResultSet row) throws SQLException {
        Long[] buckets = (Long[]) row.getArray("buckets").getArray();
        return new CallCount(
                repository,
                row.getString("operation"),
                Side.valueOf(row.getString("side")),
                row.getLong("failures"),
                row.getLong("nanos"),
                Latencies.of(Stream.of(buckets).mapToLong(Long::longValue).toArray()),
                Latencies.of(new long[0])); // no gate asks
    }
}
