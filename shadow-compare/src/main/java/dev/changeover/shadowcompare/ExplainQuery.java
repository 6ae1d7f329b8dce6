package dev.changeover.shadowcompare;

import dev.changeover.core.control.RepositoryState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the control schema knows of one key, in the caller's snapshot. */
record ExplainQuery(Connection connection, int repository, String key) {
    private static final String PERCENTAGE =
            "SELECT percent, revision, allow, deny FROM changeover.percentage WHERE repository = ?";

    private static final String MARKS = """
            SELECT side, reason, at::text FROM changeover.mark WHERE repository = ? AND key = ? ORDER BY id LIMIT 20""";

    private static final String ATTEMPT = """
            SELECT attempts, parked, last_error, next_try_at::text FROM changeover.attempt WHERE repository = ? AND key = ?""";

    RepositoryState state(Control control, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PERCENTAGE)) {
            statement.setInt(1, repository);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new RepositoryState(
                        name,
                        control.number(),
                        control.stage(),
                        control.epoch(),
                        row.getInt(1),
                        row.getLong(2),
                        Set.of((String[]) row.getArray(3).getArray()),
                        Set.of((String[]) row.getArray(4).getArray()),
                        control.backfilled(),
                        control.stale());
            }
        }
    }

    List<Map<String, Object>> marks() throws SQLException {
        try (PreparedStatement statement = ofKey(MARKS);
                ResultSet rows = statement.executeQuery()) {
            List<Map<String, Object>> marks = new ArrayList<>();
            while (rows.next()) {
                marks.add(Map.of("side", rows.getString(1), "reason", rows.getString(2), "at", rows.getString(3)));
            }
            return marks;
        }
    }

    /** Returns how its last copy failed, or null. */
    @Nullable
    Map<String, Object> attempt() throws SQLException {
        try (PreparedStatement statement = ofKey(ATTEMPT);
                ResultSet row = statement.executeQuery()) {
            return !row.next()
                    ? null
                    : Map.of(
                            "attempts", row.getInt(1),
                            "parked", row.getBoolean(2),
                            "why", row.getString(3),
                            "nextTry", row.getString(4));
        }
    }

    private PreparedStatement ofKey(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setInt(1, repository);
        statement.setString(2, key);
        return statement;
    }
}
