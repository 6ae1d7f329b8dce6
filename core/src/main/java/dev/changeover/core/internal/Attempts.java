package dev.changeover.core.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which marked keys are due, which failed and when they are tried again, which wait for a person. */
final class Attempts {

    /**
     * Distinct keys of the oldest marks; keys that failed come back when their time has come. Whatever is visible is
     * taken and deleted by its id; no position in the sequence is remembered, since a lower id may commit later.
     */
    private static final String DUE = """
            SELECT DISTINCT oldest.key
              FROM (SELECT m.key FROM changeover.mark m
                     WHERE m.repository = ? AND m.key <> ALL (?)
                       AND NOT EXISTS (SELECT 1 FROM changeover.attempt a
                                        WHERE a.repository = m.repository AND a.key = m.key
                                          AND (a.parked OR a.next_try_at > clock_timestamp()))
                     ORDER BY m.id LIMIT ?) oldest""";

    private static final String FAILED = """
            INSERT INTO changeover.attempt AS a (repository, key, attempts, next_try_at, parked, last_error)
            VALUES (?, ?, 1, clock_timestamp() + interval '50 milliseconds', ? <= 1, ?)
            ON CONFLICT (repository, key) DO UPDATE
               SET attempts = a.attempts + 1,
                   next_try_at = clock_timestamp()
                       + least(interval '60 seconds', interval '50 milliseconds' * (2 ^ least(a.attempts, 20)))
                       * (0.75 + random() / 2),
                   parked = a.attempts + 1 >= ?,
                   last_error = excluded.last_error
            RETURNING a.attempts, a.parked""";

    private Attempts() {}

    /**
     * Returns keys that are due.
     *
     * @param skipped keys that were busy a moment ago; others must not wait behind them
     */
    static List<String> due(Connection connection, int repository, int limit, Collection<String> skipped)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setInt(1, repository);
            statement.setArray(2, connection.createArrayOf("text", skipped.toArray()));
            statement.setInt(3, limit);
            return keys(statement);
        }
    }

    /** Returns marked keys, those that wait or are parked included. */
    static List<String> all(Connection connection, int repository, int limit) throws SQLException {
        String sql = "SELECT DISTINCT key FROM changeover.mark WHERE repository = ? LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, repository);
            statement.setInt(2, limit);
            return keys(statement);
        }
    }

    private static List<String> keys(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            List<String> keys = new ArrayList<>();
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
            return keys;
        }
    }

    /** Returns the number of attempts, negative once the key is parked. */
    static int failed(Connection connection, int repository, String key, int parkAfter, String error)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FAILED)) {
            statement.setInt(1, repository);
            statement.setString(2, key);
            statement.setInt(3, parkAfter);
            statement.setString(4, error);
            statement.setInt(5, parkAfter);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(2) ? -rows.getInt(1) : rows.getInt(1);
            }
        }
    }

    /** Forgets that these keys failed, and returns how many of them had. */
    static int succeeded(Connection connection, int repository, Collection<String> keys) throws SQLException {
        String sql = "DELETE FROM changeover.attempt WHERE repository = ? AND key = ANY (?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, repository);
            statement.setArray(2, connection.createArrayOf("text", keys.toArray()));
            return statement.executeUpdate();
        }
    }

    /** Makes parked and waiting keys of a repository due at once, and returns how many they are. */
    static int retryNow(Connection connection, int repository) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM changeover.attempt WHERE repository = ?")) {
            statement.setInt(1, repository);
            return statement.executeUpdate();
        }
    }
}
