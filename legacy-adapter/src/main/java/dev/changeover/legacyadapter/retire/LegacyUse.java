package dev.changeover.legacyadapter.retire;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to legacy tables between two looks at PostgreSQL's statistics.
 *
 * @param from the earlier look
 * @param to the later look
 * @param reads how often they were scanned
 * @param writes how many rows were written
 * @param lost whether the statistics were reset or lost in between, so that they say nothing
 * @param own whether the library itself was reading then, to verify or to back up
 */
record LegacyUse(Instant from, Instant to, long reads, long writes, boolean lost, boolean own) {

    /** The last look is now, at the statistics themselves. Nothing is inserted for it, so "counted" need not have grown. */
    private static final String SQL = """
            WITH mine AS (
                SELECT c.oid::text AS oid FROM changeover.repository r CROSS JOIN unnest(r.legacy_tables) n (name)
                  JOIN pg_class c ON c.oid = to_regclass(n.name) WHERE r.name = ?),
            looks AS (
                SELECT u.id, u.at, u.counted, u.reset_at, u.tables, false AS live FROM changeover.legacy_use u
                UNION ALL
                SELECT 9223372036854775807, clock_timestamp(),
                       coalesce((SELECT s.n_tup_ins FROM pg_stat_all_tables s
                                  WHERE s.relid = 'changeover.legacy_use'::regclass), 0),
                       (SELECT d.stats_reset FROM pg_stat_database d WHERE d.datname = current_database()),
                       coalesce(changeover.legacy_statistics(), '{}'), true),
            sums AS (
                SELECT l.id, l.at, l.counted, l.reset_at, l.live,
                       (SELECT coalesce(sum((l.tables -> m.oid ->> 'reads')::bigint), 0) FROM mine m) AS reads,
                       (SELECT coalesce(sum((l.tables -> m.oid ->> 'writes')::bigint), 0) FROM mine m) AS writes,
                       (SELECT count(*) FROM mine m WHERE jsonb_exists(l.tables, m.oid)) AS known
                  FROM looks l),
            pairs AS (
                SELECT s.*, lag(s.at) OVER w AS before_at, lag(s.counted) OVER w AS before_counted,
                       lag(s.reset_at) OVER w AS before_reset, lag(s.reads) OVER w AS before_reads,
                       lag(s.writes) OVER w AS before_writes, lag(s.known) OVER w AS before_known
                  FROM sums s WINDOW w AS (ORDER BY s.id))
            SELECT p.before_at, p.at, p.reads - p.before_reads AS reads, p.writes - p.before_writes AS writes,
                   p.counted < p.before_counted + CASE WHEN p.live THEN 0 ELSE 1 END
                       OR p.reset_at IS DISTINCT FROM p.before_reset OR p.reads < p.before_reads
                       OR p.writes < p.before_writes OR p.known <> p.before_known AS lost,
                   EXISTS (SELECT FROM changeover.verification v
                            WHERE v.repository = ? AND v.started_at <= p.at
                              AND v.updated_at + interval '1 minute' >= p.before_at)
                   OR EXISTS (SELECT FROM changeover.history h
                               WHERE h.repository = ? AND h.action = 'BACKUP' AND h.at + interval '1 minute' >= p.before_at
                                 AND (h.evidence ->> 'startedAt')::timestamptz <= p.at) AS own
              FROM pairs p WHERE p.before_known > 0 ORDER BY p.id""";

    /** Reads all of it, oldest first. */
    static List<LegacyUse> read(Connection connection, String repository) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            for (int i = 1; i <= 3; i++) {
                statement.setString(i, repository);
            }
            List<LegacyUse> all = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.add(new LegacyUse(
                            row.getTimestamp(1).toInstant(),
                            row.getTimestamp(2).toInstant(),
                            row.getLong(3),
                            row.getLong(4),
                            row.getBoolean(5),
                            row.getBoolean(6)));
                }
            }
            return all;
        }
    }

    /** Tells whether somebody used the tables who is not the library. */
    boolean used() {
        return !lost && (writes > 0 || (reads > 0 && !own));
    }

    String shown() {
        return (writes > 0 ? writes + " rows written" : reads + " times read") + " between " + from + " and " + to;
    }
}
