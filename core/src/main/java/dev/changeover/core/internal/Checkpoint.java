package dev.changeover.core.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** How far a job is; written in the transaction of the chunk, so that a killed job neither skips nor repeats a row. */
record Checkpoint(@Nullable String lastKey, long rows, long skipped, long parked, boolean finished) {

    private static final String READ = """
            INSERT INTO changeover.checkpoint AS c (repository, job, epoch) VALUES (?, ?, ?)
            ON CONFLICT (repository, job) DO UPDATE SET updated_at = clock_timestamp()
            RETURNING c.last_key, c.rows, c.skipped, c.parked, c.finished""";

    private static final String WRITE = """
            UPDATE changeover.checkpoint
               SET last_key = ?, rows = ?, skipped = ?, parked = ?, finished = ?, updated_at = clock_timestamp()
             WHERE repository = ? AND job = ?""";

    /** Reads the checkpoint and locks its row, so that one worker at a time takes the next chunk. */
    static Checkpoint lock(Connection connection, int repository, String job, long epoch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, repository);
            statement.setString(2, job);
            statement.setLong(3, epoch);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new Checkpoint(
                        rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4), rows.getBoolean(5));
            }
        }
    }

    void write(Connection connection, int repository, String job) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, lastKey);
            statement.setLong(2, rows);
            statement.setLong(3, skipped);
            statement.setLong(4, parked);
            statement.setBoolean(5, finished);
            statement.setInt(6, repository);
            statement.setString(7, job);
            statement.executeUpdate();
        }
    }

    static void forget(Connection connection, int repository, String job) throws SQLException {
        String sql = "DELETE FROM changeover.checkpoint WHERE repository = ? AND job = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, repository);
            statement.setString(2, job);
            statement.executeUpdate();
        }
    }

    Checkpoint advanced(@Nullable String key, int handled, int skippedKeys, int parkedKeys) {
        return new Checkpoint(key, rows + handled, skipped + skippedKeys, parked + parkedKeys, false);
    }

    Checkpoint complete() {
        return new Checkpoint(lastKey, rows, skipped, parked, true);
    }
}
