package dev.changeover.newadapter;

import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jooq.Transaction;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Makes jOOQ's transactions savepoints of the caller's. jOOQ's own provider takes itself for the outermost one and
 * commits on the connection, and with it what the caller did.
 */
final class SavepointTransactions implements TransactionProvider {

    private final Transactions transactions;

    SavepointTransactions(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void begin(TransactionContext context) {
        UnitOfWork unit = transactions.current();
        if (unit == null) {
            throw new IllegalStateException("No unit of work is active, and this context cannot open one. Use the"
                    + " DSLContext that ChangeoverDsl.on(..) returned, or Transactions.required(..)");
        }
        call(() -> {
            Connection connection = unit.connection();
            context.transaction(new Nested(connection, connection.setSavepoint()));
        });
    }

    @Override
    public void commit(TransactionContext context) {
        Nested nested = nested(context);
        if (nested != null) {
            call(() -> nested.connection.releaseSavepoint(nested.savepoint));
        }
    }

    @Override
    public void rollback(TransactionContext context) {
        Nested nested = nested(context);
        if (nested != null) {
            call(() -> {
                nested.connection.rollback(nested.savepoint);
                // else it would still take up memory, and a subtransaction, until the caller's end
                nested.connection.releaseSavepoint(nested.savepoint);
            });
        }
    }

    private static @Nullable Nested nested(TransactionContext context) {
        return (Nested) context.transaction();
    }

    private static void call(SqlAction action) {
        try {
            action.run();
        } catch (SQLException e) {
            throw new DataAccessException("The savepoint of a nested transaction failed", e);
        }
    }

    private record Nested(Connection connection, Savepoint savepoint) implements Transaction {}

    private interface SqlAction {
        void run() throws SQLException;
    }
}
