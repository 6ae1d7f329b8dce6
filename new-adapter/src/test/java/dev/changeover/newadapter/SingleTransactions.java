package dev.changeover.newadapter;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** The least that an application's transactions can be; adapters do not see each other. For one thread. */
final class SingleTransactions implements Transactions {

    private final DataSource pool;
    private UnitOfWork current;

    SingleTransactions(DataSource pool) {
        this.pool = pool;
    }

    @Override
    public UnitOfWork current() {
        return current;
    }

    @Override
    public <T> T required(TransactionSettings settings, Callable<T> work) throws Exception {
        if (current != null) {
            return work.call();
        }
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            current = new Unit(connection);
            T result = work.call();
            connection.commit();
            return result;
        } finally {
            current = null; // the pool rolls back what was not committed
        }
    }

    private record Unit(Connection connection) implements UnitOfWork {
        @Override
        public boolean readOnly() {
            return false;
        }

        @Override
        public void flush() {}

        @Override
        public void setRollbackOnly() {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T resource(Object key, Supplier<T> create) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void beforeCommit(Runnable check) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void afterCompletion(Consumer<Boolean> action) {
            throw new UnsupportedOperationException();
        }
    }
}
