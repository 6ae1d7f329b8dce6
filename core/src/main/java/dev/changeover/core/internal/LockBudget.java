package dev.changeover.core.internal;

import dev.changeover.core.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Key locks live in the server's lock table, which is of fixed size and shared with all other locks: when it is full
 * everybody's statements fail (53200). A batch of the drain, one large write of a caller and the chunks of all workers of
 * a backfill together may take a quarter of it.
 */
final class LockBudget {

    private static final String LOCK_TABLE = "SELECT current_setting('max_locks_per_transaction')::int"
            + " * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)";

    private LockBudget() {}

    /** Returns how many locks the lock table of the server holds. */
    static int lockTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LOCK_TABLE)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Returns how many keys the workers of a backfill may lock together. */
    static int ofCopies(Connection connection, Settings settings) throws SQLException {
        return Math.max(1, lockTable(connection) / 4 - settings.drainBatch() - FollowerPart.MOST_KEYS);
    }
}
