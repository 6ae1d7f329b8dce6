package dev.changeover.legacyadapter;

import dev.changeover.core.spi.TransactionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection between its taking from the pool and its return, in one transaction. */
final class JdbcSession {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcTransactions.class);

    private final Connection connection;
    private final boolean autoCommit;

    private JdbcSession(Connection connection, boolean autoCommit) {
        this.connection = connection;
        this.autoCommit = autoCommit;
    }

    static JdbcSession begin(DataSource pool, TransactionSettings settings) throws SQLException {
        Connection connection = pool.getConnection();
        try {
            JdbcSession session = new JdbcSession(connection, connection.getAutoCommit());
            session.start(BeginStatement.of(settings));
            return session;
        } catch (Throwable failure) {
            discard(connection, failure);
            throw failure;
        }
    }

    Connection connection() {
        return connection;
    }

    void commit() throws SQLException {
        requireUsable(connection);
        connection.commit();
    }

    /** Refuses a transaction that has failed: the server would roll it back, and the driver call that a commit. */
    static void requireUsable(Connection connection) throws SQLException {
        if (DriverSettings.hasFailed(connection)) {
            throw new NotCommittedException(
                    "A statement of the transaction failed, so the server rolls it back, although the failure was caught."
                            + " Let it reach the caller, or use a savepoint around that statement");
        }
    }

    /** Undoes the transaction after a failure, to which its own failures are added, and returns the connection. */
    void rollbackAfter(Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
            discard(connection, failure);
            return;
        }
        close();
    }

    /** Ends a savepoint after a failure, to which its own failures are added. */
    void endSavepoint(Savepoint savepoint, boolean undo, Throwable failure) {
        try {
            if (undo) {
                connection.rollback(savepoint);
            }
            connection.releaseSavepoint(savepoint);
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Returns the connection, outside any transaction. What fails here does not change what was committed. */
    void close() {
        try (connection) {
            if (autoCommit) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("A connection could not be given back after its transaction had ended", e);
        }
    }

    private void start(String begin) throws SQLException {
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        if (!begin.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(begin);
            }
        }
    }

    /** Cuts the connection: in an unknown state, switching auto-commit on again could commit. */
    private static void discard(Connection connection, Throwable failure) {
        try (connection) {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
