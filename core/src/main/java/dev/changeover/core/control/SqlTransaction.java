package dev.changeover.core.control;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The library's own short transactions, on connections of its own. They say their isolation themselves, in the
 * transaction: the default of the role may be another one (a copier under REPEATABLE READ loses writes), and
 * {@code setTransactionIsolation} would leak to other clients of a pooler.
 */
public final class SqlTransaction {

    private SqlTransaction() {}

    /**
     * A process that is stopped in here may hold the fence or a key that callers wait for, and the server cannot see that
     * it will not come back: after ten seconds without a message it ends the transaction.
     */
    private static final String BEGIN = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
            + " SET LOCAL idle_in_transaction_session_timeout = 10000";

    /**
     * What is done in the transaction.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        /** Does it on this connection. */
        T on(Connection connection) throws SQLException;
    }

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T extends @Nullable Object> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs work under READ COMMITTED and commits it, or rolls it back when it throws. */
    public static <T extends @Nullable Object> T readCommitted(DataSource dataSource, Work<T> work)
            throws SQLException {
        return run(dataSource, BEGIN, work);
    }

    /** Runs reading work in one snapshot. */
    public static <T extends @Nullable Object> T snapshot(DataSource dataSource, Work<T> work) throws SQLException {
        return run(dataSource, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", work);
    }

    private static <T extends @Nullable Object> T run(DataSource dataSource, String begin, Work<T> work)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = inside(connection, begin, work);
                connection.commit();
                return result;
            } catch (Throwable failure) {
                rollback(connection, failure);
                throw failure;
            } finally {
                restore(connection, autoCommit);
            }
        }
    }

    private static <T extends @Nullable Object> T inside(Connection connection, String begin, Work<T> work)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(begin);
        }
        return work.on(connection);
    }

    private static void rollback(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static void restore(Connection connection, boolean autoCommit) throws SQLException {
        if (!connection.isClosed()) {
            connection.setAutoCommit(autoCommit);
        }
    }
}
