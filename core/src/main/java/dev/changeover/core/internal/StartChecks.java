package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Settings;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What is checked before anything runs, because it would lose data or hurt callers later. */
public final class StartChecks {

    private final @Nullable DataSource dataSource;
    private final Transactions transactions;

    public StartChecks(@Nullable DataSource dataSource, Transactions transactions) {
        this.dataSource = dataSource;
        this.transactions = transactions;
    }

    /** A check on one connection. */
    @FunctionalInterface
    public interface Check {
        void on(Connection connection) throws SQLException;
    }

    /** Runs a check on a connection of the library's own. */
    public void connection(Check check) {
        if (dataSource == null) {
            throw new ConfigurationException(
                    "changeover.dataSource", "not set", "Give the pool in whose database the control schema is");
        }
        try {
            SqlTransaction.readCommitted(dataSource, connection -> {
                check.on(connection);
                return true;
            });
        } catch (SQLException e) {
            throw new ConfigurationException(
                    "changeover.dataSource", "the database cannot be used: " + e.getMessage(), "Mend the connection");
        }
    }

    /** Proves that the transactions of the application, and both sides, work on one connection. */
    public void oneConnection(@Nullable IntSupplier legacy, @Nullable IntSupplier next) {
        try {
            transactions.required(TransactionSettings.DEFAULTS, () -> {
                UnitOfWork unit = transactions.current();
                if (unit == null) {
                    throw new ConfigurationException(
                            "changeover.transactions",
                            "no transaction is active inside Transactions.required",
                            "Mend the implementation");
                }
                transactions.check(unit.connection());
                int pid = backend(unit.connection());
                compare("legacy", pid, legacy);
                compare("new", pid, next);
                return true;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ChangeoverException("The transactions of the application could not be tried", e);
        }
    }

    private static void compare(String side, int pid, @Nullable IntSupplier seen) {
        if (seen != null && seen.getAsInt() != pid) {
            throw new ConfigurationException(
                    "changeover.sideConnections",
                    "the " + side + " side works on another connection than the transaction",
                    "Let both sides take their connection from one transaction manager and one data source");
        }
    }

    /** A follower that waits longer than the server's deadlock check makes callers pay for its deadlocks. */
    public void limits(FollowerLimits limits) {
        connection(connection -> {
            int deadlockMillis = number(
                    connection, "SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'");
            if (limits.lockTimeout() * 2 > deadlockMillis) {
                throw new ConfigurationException(
                        "followerLimits.lockTimeout",
                        limits.lockTimeout() + " ms is not far below the server's deadlock_timeout of " + deadlockMillis
                                + " ms",
                        "Keep it below half of that");
            }
        });
    }

    /** Even the smallest chunks have to fit into the {@link LockBudget}. */
    public void lockTable(Settings settings) {
        connection(connection -> {
            int size = LockBudget.lockTable(connection);
            int chunks = settings.workers() * settings.leastChunk();
            int wanted = settings.drainBatch() + chunks + FollowerPart.MOST_KEYS;
            if (wanted > size / 4) {
                throw new ConfigurationException(
                        "settings.drainBatch",
                        "with " + settings.drainBatch() + " keys a batch, at least " + chunks + " in the chunks of "
                                + settings.workers() + " workers and " + FollowerPart.MOST_KEYS
                                + " in a caller's transaction, " + wanted
                                + " key locks may be held at once, more than a quarter of the server's lock table ("
                                + size + ")",
                        "Make batches and chunks smaller, have fewer workers, or raise max_locks_per_transaction");
            }
        });
    }

    private static int backend(Connection connection) throws SQLException {
        return number(connection, "SELECT pg_backend_pid()");
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
