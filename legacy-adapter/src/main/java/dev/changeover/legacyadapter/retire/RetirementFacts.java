package dev.changeover.legacyadapter.retire;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gates of a retirement look at, all of one instant.
 *
 * @param stage the stage of the repository
 * @param shared whether both sides use the same tables
 * @param tables the legacy tables as they are named now
 * @param retired how far the retirement is, or null
 * @param retiredAt since when, or null
 * @param aloneSince since when new leads alone, or null
 * @param verified the verdict of the last verification before that whose verdict tells of every key; or null
 * @param verifiedAt when it began, or null
 * @param backedUpAt when the last backup that was checked was begun, or null
 * @param backup where it is, or null
 * @param use what the statistics say
 * @param dependents what depends on the tables and is not of them
 * @param inThem who has them in an open transaction now, or null
 * @param now the server's time
 */
record RetirementFacts(
        String stage,
        boolean shared,
        List<String> tables,
        @Nullable String retired,
        @Nullable Instant retiredAt,
        @Nullable Instant aloneSince,
        @Nullable String verified,
        @Nullable Instant verifiedAt,
        @Nullable Instant backedUpAt,
        @Nullable String backup,
        List<LegacyUse> use,
        List<String> dependents,
        @Nullable String inThem,
        Instant now) {

    private static final String SQL = """
            WITH r AS (SELECT * FROM changeover.repository WHERE name = ?),
            alone AS (SELECT max(h.at) AS at FROM changeover.history h JOIN r ON h.repository = r.name
                       WHERE h.action = 'MOVE' AND h.after = 'NEW_ONLY' AND r.stage = 'NEW_ONLY'),
            written AS (SELECT max(h.at) AS at FROM changeover.history h JOIN r ON h.repository = r.name
                         WHERE h.action = 'MOVE' AND h.before IN ('LEGACY_ONLY', 'NEW_ONLY')),
            verified AS (SELECT v.verdict, v.started_at FROM changeover.verification v JOIN r ON v.repository = r.name
                          WHERE v.telling AND v.started_at < (SELECT at FROM alone)
                            AND v.started_at > coalesce((SELECT at FROM written), '-infinity') ORDER BY v.id DESC LIMIT 1),
            backup AS (SELECT coalesce((h.evidence ->> 'startedAt')::timestamptz, h.at) AS at, h.after FROM changeover.history h JOIN r ON h.repository = r.name
                        WHERE h.action = 'BACKUP' ORDER BY h.id DESC LIMIT 1)
            SELECT r.stage, r.shared, r.legacy_tables, r.retired, r.retired_at, (SELECT at FROM alone),
                   (SELECT verdict FROM verified), (SELECT started_at FROM verified), (SELECT at FROM backup),
                   (SELECT after FROM backup),
                   (SELECT string_agg(DISTINCT format('pid %s (%s)', l.pid,
                               coalesce(nullif(a.application_name, ''), 'no name')), ', ')
                      FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                     WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_backend_pid()
                       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                       AND coalesce(a.backend_type, '') <> 'autovacuum worker'
                       AND l.relation IN (SELECT to_regclass(n) FROM unnest(r.legacy_tables) n)),
                   clock_timestamp()
              FROM r""";

    /** Reads them; null if there is no such repository. */
    static @Nullable RetirementFacts read(Connection connection, String repository) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, repository);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? of(connection, repository, row) : null;
            }
        }
    }

    private static RetirementFacts of(Connection connection, String repository, ResultSet row) throws SQLException {
        List<String> tables = List.of((String[]) row.getArray(3).getArray());
        return new RetirementFacts(
                row.getString(1),
                row.getBoolean(2),
                tables,
                row.getString(4),
                instant(row.getTimestamp(5)),
                instant(row.getTimestamp(6)),
                row.getString(7),
                instant(row.getTimestamp(8)),
                instant(row.getTimestamp(9)),
                row.getString(10),
                LegacyUse.read(connection, repository),
                Dependents.of(connection, repository),
                row.getString(11),
                row.getTimestamp(12).toInstant());
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
