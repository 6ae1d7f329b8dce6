package dev.changeover.legacyadapter;

import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** One transaction of Spring. It is bound to the thread beside the connection and suspended together with it. */
final class SpringUnitOfWork implements UnitOfWork, TransactionSynchronization {

    private final Object bindingKey;
    private final PlatformTransactionManager manager;
    private final DataSource dataSource;
    private final Runnable flush;
    private final Map<Object, Object> resources = new HashMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private final CompletionCallbacks callbacks = new CompletionCallbacks();

    private SpringUnitOfWork(
            Object bindingKey, PlatformTransactionManager manager, DataSource dataSource, Runnable flush) {
        this.bindingKey = bindingKey;
        this.manager = manager;
        this.dataSource = dataSource;
        this.flush = flush;
    }

    static SpringUnitOfWork bind(
            Object bindingKey, PlatformTransactionManager manager, DataSource dataSource, Runnable flush) {
        SpringUnitOfWork unit = new SpringUnitOfWork(bindingKey, manager, dataSource, flush);
        TransactionSynchronizationManager.registerSynchronization(unit);
        TransactionSynchronizationManager.bindResource(bindingKey, unit);
        return unit;
    }

    /** The holder is asked directly: another way would count users, who would have to give it back. */
    @Override
    public Connection connection() throws SQLException {
        if (TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                && !holder.getConnection().getAutoCommit()) {
            return holder.getConnection();
        }
        throw new IllegalStateException("The connection of this thread is not that of the active transaction. Give"
                + " SpringTransactions the data source of the transaction manager");
    }

    @Override
    public boolean readOnly() {
        return TransactionSynchronizationManager.isCurrentTransactionReadOnly();
    }

    /** Called by the library only: Spring's own flush means the object mappers, not this. */
    @Override
    public void flush() {
        flush.run();
    }

    /** A participant that rolls back dooms the whole, which is what is wanted here. */
    @Override
    public void setRollbackOnly() {
        TransactionStatus participant =
                manager.getTransaction(new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_MANDATORY));
        participant.setRollbackOnly();
        manager.rollback(participant);
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

    @Override
    public void suspend() {
        TransactionSynchronizationManager.unbindResource(bindingKey);
    }

    @Override
    public void resume() {
        TransactionSynchronizationManager.bindResource(bindingKey, this);
    }

    /** The driver reports the commit of a failed transaction as a success, although the server rolls it back. */
    @Override
    public void beforeCommit(boolean readOnly) {
        try {
            JdbcSession.requireUsable(connection());
        } catch (SQLException e) {
            throw new NotCommittedException("The connection of the transaction cannot be had any more", e);
        }
        checks.forEach(Runnable::run);
    }

    @Override
    public void afterCompletion(int status) {
        TransactionSynchronizationManager.unbindResourceIfPossible(bindingKey);
        callbacks.run(status == STATUS_COMMITTED);
    }
}
