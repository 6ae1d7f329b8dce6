package dev.changeover.legacyadapter;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Transactions on any {@link DataSource}, bound to the thread, for applications without a transaction manager.
 *
 * <pre>{@code
 * JdbcTransactions transactions = JdbcTransactions.on(pool);
 * DataSource dataSource = transactions.dataSource();      // give this one to the repositories
 * transactions.required(TransactionSettings.DEFAULTS, () -> users.save(user));
 * }</pre>
 *
 * <p>Settings are statements of the transaction ({@code SET TRANSACTION}, {@code SET LOCAL}) and never of the session,
 * so nothing is left on a pooled connection, not even behind a pooler that changes the server connection.
 *
 * <p>Safe for use by several threads; a transaction belongs to the thread that opened it.
 */
public final class JdbcTransactions implements Transactions {

    private final DataSource pool;
    private final DataSource bound = new BoundDataSource(this);

    @SuppressWarnings("ThreadLocalUsage") // a transaction belongs to one data source as well as to one thread
    private final ThreadLocal<@Nullable JdbcUnitOfWork> active = new ThreadLocal<>();

    private JdbcTransactions(DataSource pool) {
        this.pool = Objects.requireNonNull(pool);
    }

    /** Returns transactions that take their connections from {@code pool}. */
    public static JdbcTransactions on(DataSource pool) {
        return new JdbcTransactions(pool);
    }

    /**
     * Returns a data source for the repositories of the application. Inside a transaction it hands out the connection
     * of that transaction, on which closing does nothing and ending the transaction is refused; outside it hands out
     * an ordinary connection of the pool.
     */
    public DataSource dataSource() {
        return bound;
    }

    @Override
    public @Nullable UnitOfWork current() {
        return active.get();
    }

    /**
     * Runs {@code work} as the propagation says. Work that joins an active transaction and throws does not doom it:
     * whoever opened the transaction decides. A transaction that cannot commit, because it is rollback-only, failed or
     * over its time, throws {@link NotCommittedException} even though the work returned.
     *
     * @throws Exception whatever the work throws, unwrapped; a failing rollback is only added to it as suppressed
     */
    @Override
    public <T extends @Nullable Object> T required(TransactionSettings settings, Callable<T> work) throws Exception {
        JdbcUnitOfWork current = active.get();
        return switch (settings.propagation()) {
            case REQUIRED -> current == null ? inNew(settings, work) : work.call();
            case SUPPORTS -> work.call();
            case MANDATORY -> inCurrent(current, work);
            case REQUIRES_NEW -> suspending(current, () -> inNew(settings, work));
            case NOT_SUPPORTED -> suspending(current, work);
            case NEVER -> inNone(current, work);
            case NESTED -> current == null ? inNew(settings, work) : current.nested(settings.rollbackOn(), work);
        };
    }

    /**
     * Runs {@code work} in the active transaction or in a new one with the default settings.
     *
     * @throws Exception whatever the work throws, unwrapped
     */
    public <T extends @Nullable Object> T required(Callable<T> work) throws Exception {
        return required(TransactionSettings.DEFAULTS, work);
    }

    @Override
    public void check(Connection connection) throws SQLException {
        DriverSettings.check(connection);
    }

    DataSource pool() {
        return pool;
    }

    @Nullable
    JdbcUnitOfWork active() {
        return active.get();
    }

    private <T extends @Nullable Object> T inNew(TransactionSettings settings, Callable<T> work) throws Exception {
        JdbcUnitOfWork unit = JdbcUnitOfWork.begin(pool, settings);
        active.set(unit);
        T result;
        try {
            result = work.call();
        } catch (Throwable failure) {
            active.remove();
            unit.endAfter(failure, settings.rollbackOn());
            throw failure;
        }
        active.remove();
        unit.commit();
        return result;
    }

    private <T extends @Nullable Object> T suspending(@Nullable JdbcUnitOfWork current, Callable<T> work)
            throws Exception {
        active.remove();
        try {
            return work.call();
        } finally {
            if (current != null) {
                active.set(current);
            }
        }
    }

    private static <T extends @Nullable Object> T inCurrent(@Nullable JdbcUnitOfWork current, Callable<T> work)
            throws Exception {
        if (current == null) {
            throw new IllegalStateException(
                    "No transaction is active and the propagation is MANDATORY. Open one first");
        }
        return work.call();
    }

    private static <T extends @Nullable Object> T inNone(@Nullable JdbcUnitOfWork current, Callable<T> work)
            throws Exception {
        if (current != null) {
            throw new IllegalStateException("A transaction is active and the propagation is NEVER. End it first");
        }
        return work.call();
    }
}
