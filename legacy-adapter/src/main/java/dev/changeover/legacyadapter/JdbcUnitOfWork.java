package dev.changeover.legacyadapter;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One transaction on one connection, from its first statement to the callbacks after its end. One thread only. */
final class JdbcUnitOfWork implements UnitOfWork {

    private final JdbcSession session;
    private final TransactionSettings settings;
    private final long openedAt = System.nanoTime();
    private final Map<Object, Object> resources = new HashMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private final CompletionCallbacks callbacks = new CompletionCallbacks();
    private boolean rollbackOnly;

    private JdbcUnitOfWork(JdbcSession session, TransactionSettings settings) {
        this.session = session;
        this.settings = settings;
    }

    static JdbcUnitOfWork begin(DataSource pool, TransactionSettings settings) throws SQLException {
        return new JdbcUnitOfWork(JdbcSession.begin(pool, settings), settings);
    }

    @Override
    public Connection connection() throws SQLException {
        if (isOverdue()) {
            throw new SQLTimeoutException(overdue(), "57014");
        }
        return session.connection();
    }

    @Override
    public boolean readOnly() {
        return settings.readOnly();
    }

    /** Does nothing: there is no object mapper. */
    @Override
    public void flush() {}

    @Override
    public void setRollbackOnly() {
        rollbackOnly = true;
    }

    @Override
    @SuppressWarnings("unchecked") // whoever asks for a key is who stored under it
    public <T> T resource(Object key, Supplier<T> create) {
        Object kept = resources.get(key);
        if (kept == null) {
            kept = create.get();
            resources.put(key, kept);
        }
        return (T) kept;
    }

    @Override
    public void beforeCommit(Runnable check) {
        checks.add(check);
    }

    @Override
    public void afterCompletion(Consumer<Boolean> action) {
        callbacks.add(action);
    }

    /** Runs the work within a savepoint, which is undone if the rule says so for what the work throws. */
    <T extends @Nullable Object> T nested(Predicate<Throwable> rollbackOn, Callable<T> work) throws Exception {
        Savepoint savepoint = connection().setSavepoint();
        T result;
        try {
            result = work.call();
        } catch (Throwable failure) {
            session.endSavepoint(savepoint, rollbackOn.test(failure), failure);
            throw failure;
        }
        session.connection().releaseSavepoint(savepoint);
        return result;
    }

    /** Ends the transaction whose work returned. */
    void commit() throws SQLException {
        String obstacle = obstacle();
        try {
            if (obstacle != null) {
                throw new NotCommittedException(obstacle);
            }
            checks.forEach(Runnable::run);
            session.commit();
        } catch (Throwable failure) {
            rollbackAfter(failure);
            throw failure;
        }
        session.close();
        callbacks.run(true);
    }

    /** Ends the transaction whose work threw. What this throws instead says that a wanted commit did not happen. */
    void endAfter(Throwable failure, Predicate<Throwable> rollbackOn) throws SQLException {
        if (rollbackOnly || rollbackOn.test(failure)) {
            rollbackAfter(failure);
            return;
        }
        try {
            commit();
        } catch (SQLException | RuntimeException notCommitted) {
            notCommitted.addSuppressed(failure);
            throw notCommitted;
        }
    }

    private void rollbackAfter(Throwable failure) {
        session.rollbackAfter(failure);
        callbacks.run(false);
    }

    private @Nullable String obstacle() {
        if (rollbackOnly) {
            return "The transaction was made rollback-only and is rolled back. Look for what made it so before, or let"
                    + " that failure reach the caller";
        }
        return isOverdue() ? overdue() : null;
    }

    private boolean isOverdue() {
        Duration timeout = settings.timeout();
        return timeout != null && System.nanoTime() - openedAt > timeout.toNanos();
    }

    private String overdue() {
        return "The transaction took longer than its timeout of " + settings.timeout()
                + " and is rolled back. Do less in it, or raise the timeout";
    }
}
