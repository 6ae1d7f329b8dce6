package dev.changeover.newadapter;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jooq.ContextTransactionalCallable;
import org.jooq.ContextTransactionalRunnable;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionalCallable;
import org.jooq.TransactionalRunnable;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultDSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DSLContext} that takes part in the application's transactions.
 *
 * <pre>{@code
 * DSLContext dsl = ChangeoverDsl.on(transactions, pool);
 * }</pre>
 *
 * <p>Inside a unit of work every statement runs on its connection, and {@code dsl.transaction(..)} is a savepoint of it:
 * it never commits or rolls back what the caller did. Outside, statements take a connection of the pool each, and {@code
 * dsl.transaction(..)} opens a unit of work. Safe for use by several threads.
 */
public final class ChangeoverDsl extends DefaultDSLContext {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // a context that was serialised would have lost its connections anyway
    private final Transactions transactions;

    private ChangeoverDsl(Transactions transactions, DataSource pool) {
        super(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new UnitOfWorkConnections(transactions, pool))
                .set(new SavepointTransactions(transactions)));
        this.transactions = transactions;
    }

    /**
     * Returns a context for the dialect of PostgreSQL. To change its settings, derive from its configuration; what is
     * derived keeps the connections and the savepoints, but cannot open a unit of work by {@code transaction(..)}.
     *
     * @param transactions the application's transactions
     * @param pool where statements outside any transaction take their connection
     */
    public static DSLContext on(Transactions transactions, DataSource pool) {
        return new ChangeoverDsl(transactions, pool);
    }

    @Override
    public <T extends @Nullable Object> T transactionResult(TransactionalCallable<T> work) {
        return inUnitOfWork(() -> super.transactionResult(work));
    }

    @Override
    public <T extends @Nullable Object> T transactionResult(ContextTransactionalCallable<T> work) {
        return inUnitOfWork(() -> super.transactionResult(work));
    }

    @Override
    public void transaction(TransactionalRunnable work) {
        this.<@Nullable Object>inUnitOfWork(() -> {
            super.transaction(work);
            return null;
        });
    }

    @Override
    public void transaction(ContextTransactionalRunnable work) {
        this.<@Nullable Object>inUnitOfWork(() -> {
            super.transaction(work);
            return null;
        });
    }

    private <T extends @Nullable Object> T inUnitOfWork(Callable<T> work) {
        try {
            return transactions.required(TransactionSettings.DEFAULTS, work);
        } catch (RuntimeException e) {
            throw e;
        } catch (SQLException e) {
            throw new DataAccessException("The transaction could not be opened or committed", e);
        } catch (Exception e) {
            throw new DataAccessException("The transaction failed", e);
        }
    }
}
