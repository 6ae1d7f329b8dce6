package dev.changeover.legacyadapter;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * The transactions of a Spring application, through its own transaction manager.
 *
 * <pre>{@code
 * Transactions transactions = SpringTransactions.of(transactionManager, dataSource);
 * Transactions withJpa = SpringTransactions.of(jpaTransactionManager, dataSource)
 *     .flushing(JpaFlush.of(entityManagerFactory, jpaVendorAdapter.getJpaDialect()));
 * }</pre>
 *
 * <p>The manager must bind the JDBC connection of its transactions for this data source. {@code
 * DataSourceTransactionManager} and {@code JdbcTransactionManager} do; {@code JpaTransactionManager} does if it has the
 * data source and a {@code JpaDialect} that exposes the connection, as {@code HibernateJpaDialect} does. A unit of work
 * without that connection is refused.
 *
 * <p>Spring runs callbacks after completion before the connection is given back; a callback that needs a connection
 * takes a second one. Safe for use by several threads.
 */
public final class SpringTransactions implements Transactions {

    private final PlatformTransactionManager manager;
    private final DataSource dataSource;
    private final Runnable flush;
    private final TransactionAttributeSource declared = new AnnotationTransactionAttributeSource();

    private SpringTransactions(PlatformTransactionManager manager, DataSource dataSource, Runnable flush) {
        this.manager = Objects.requireNonNull(manager);
        this.dataSource = Objects.requireNonNull(dataSource);
        this.flush = flush;
    }

    /** Returns the transactions of {@code manager} on {@code dataSource}, which must be the manager's own. */
    public static SpringTransactions of(PlatformTransactionManager manager, DataSource dataSource) {
        return new SpringTransactions(manager, plain(dataSource), () -> {});
    }

    /**
     * Returns the same transactions with an object mapper to be flushed, such as {@link JpaFlush}.
     *
     * @param mapper flushes what is unsent in the transaction of the thread; its exceptions reach the caller untouched
     */
    public SpringTransactions flushing(Runnable mapper) {
        return new SpringTransactions(manager, dataSource, mapper);
    }

    @Override
    public @Nullable UnitOfWork current() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()
                || TransactionSynchronizationManager.getResource(dataSource) == null) {
            return null;
        }
        SpringUnitOfWork bound = (SpringUnitOfWork) TransactionSynchronizationManager.getResource(this);
        return bound == null ? SpringUnitOfWork.bind(this, manager, dataSource, flush) : bound;
    }

    /**
     * Runs {@code work} as the propagation says. Work that joins an active transaction and throws does not doom it:
     * whoever opened the transaction decides.
     *
     * @throws Exception whatever the work throws, unwrapped; a failing rollback is only added to it as suppressed
     * @throws ConfigurationException if the manager opened a transaction that is not on the data source
     */
    @Override
    public <T extends @Nullable Object> T required(TransactionSettings settings, Callable<T> work) throws Exception {
        if (settings.propagation().joins() && current() != null) {
            return work.call();
        }
        TransactionStatus status = manager.getTransaction(SpringSettings.definition(settings));
        T result;
        try {
            requireConnection(status);
            result = work.call();
        } catch (Throwable failure) {
            endAfter(failure, status, settings);
            throw failure;
        }
        manager.commit(status);
        return result;
    }

    /** Returns what Spring's {@code @Transactional} says about the method or its class; the defaults without one. */
    @Override
    public TransactionSettings settingsOf(Class<?> implementation, Method method) {
        TransactionAttribute attribute =
                declared.getTransactionAttribute(method, ClassUtils.getUserClass(implementation));
        return attribute == null ? TransactionSettings.DEFAULTS : SpringSettings.settings(attribute);
    }

    @Override
    public void check(Connection connection) throws SQLException {
        DriverSettings.check(connection);
    }

    private void endAfter(Throwable failure, TransactionStatus status, TransactionSettings settings) {
        if (settings.rollbackOn().test(failure)) {
            try {
                manager.rollback(status);
            } catch (RuntimeException | Error e) {
                failure.addSuppressed(e);
            }
            return;
        }
        try {
            manager.commit(status);
        } catch (RuntimeException | Error notCommitted) {
            notCommitted.addSuppressed(failure);
            throw notCommitted;
        }
    }

    private void requireConnection(TransactionStatus status) {
        if (status.hasTransaction() && current() == null) {
            throw new ConfigurationException(
                    "transactions.dataSource",
                    manager.getClass().getSimpleName() + " opened a transaction that is not on this data source",
                    "Give the manager's own data source; with JpaTransactionManager set its dataSource and a JpaDialect"
                            + " that exposes the JDBC connection");
        }
    }

    /** The manager binds the connection under the data source itself, never under this proxy. */
    private static DataSource plain(DataSource dataSource) {
        if (dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            return proxy.getTargetDataSource();
        }
        return dataSource;
    }
}
