package dev.changeover.legacyadapter.retire;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Where the repository of a backup is.
 *
 * @param stage its stage, or null if the control schema does not know it any more
 * @param shared whether both sides use the same tables
 * @param laterWrites how many writes new has got since the backup, as far as instances measured; null if none was
 * @param elsewhere its legacy tables that are there under names which the backup does not have, or null
 */
record RestorePosition(
        @Nullable String stage,
        boolean shared,
        @Nullable Long laterWrites,
        @Nullable String elsewhere) {

    private static final RestorePosition UNKNOWN = new RestorePosition(null, false, null, null);

    private static final String SQL = """
            SELECT r.stage, r.shared,
                   CASE WHEN r.stage = 'NEW_ONLY' THEN
                       (SELECT sum(c.calls) FROM changeover.call c
                         WHERE c.repository = r.name AND c.at >= date_trunc('minute', ?::timestamptz)
                           AND c.operation = ANY (r.writes || r.bulk)) END::bigint,
                   changeover.legacy_besides(r.legacy_tables, ?)
              FROM changeover.repository r WHERE r.name = ?""";

    static RestorePosition of(Connection connection, BackupManifest backup) throws SQLException {
        if (Sql.text(connection, "SELECT to_regclass('changeover.repository')") == null) {
            return UNKNOWN;
        }
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setTimestamp(1, Timestamp.from(backup.takenAt()));
            statement.setArray(
                    2,
                    Sql.array(
                            connection,
                            backup.tables().stream().map(TableBackup::quoted).toList()));
            statement.setString(3, backup.repository());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new RestorePosition(
                                row.getString(1), row.getBoolean(2), row.getObject(3, Long.class), row.getString(4))
                        : UNKNOWN;
            }
        }
    }

    boolean known() {
        return stage != null;
    }

    /** Tells whether both sides are written, so that a restored one would not fit the other. */
    boolean bothInUse() {
        return stage != null && (shared || !(stage.equals("LEGACY_ONLY") || stage.equals("NEW_ONLY")));
    }

    /** Tells whether legacy may lack what was written since the backup, because new is written, or nobody knows who is. */
    boolean behind() {
        return stage == null || stage.equals("NEW_ONLY");
    }
}
