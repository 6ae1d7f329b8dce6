package dev.changeover.shadowcompare;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One transaction a thread, as an application has it. */
final class ThreadTransactions implements Transactions {
    private final DataSource dataSource;
    private final boolean honoursIsolation;
    private final ThreadLocal<@Nullable Unit> current = new ThreadLocal<>();

    ThreadTransactions(DataSource dataSource) {
        this(dataSource, true);
    }

    ThreadTransactions(DataSource dataSource, boolean honoursIsolation) {
        this.dataSource = dataSource;
        this.honoursIsolation = honoursIsolation;
    }

    @Override
    public @Nullable UnitOfWork current() {
        return current.get();
    }

    @Override
    public <T extends @Nullable Object> T required(TransactionSettings settings, Callable<T> work) throws Exception {
        if (current.get() != null) {
            return work.call();
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(begin(settings));
            }
            current.set(new Unit(connection, settings.readOnly()));
            boolean committed = false;
            try {
                T result = work.call();
                connection.commit();
                committed = true;
                return result;
            } finally {
                current.remove();
                if (!committed) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    private String begin(TransactionSettings settings) {
        Integer isolation = honoursIsolation ? settings.isolation() : null;
        boolean snapshot = isolation != null && isolation == Connection.TRANSACTION_REPEATABLE_READ;
        return "SET TRANSACTION ISOLATION LEVEL " + (snapshot ? "REPEATABLE READ" : "READ COMMITTED")
                + (settings.readOnly() ? " READ ONLY" : "");
    }

    private record Unit(Connection connection, boolean readOnly) implements UnitOfWork {
        @Override
        public void flush() {}

        @Override
        public void setRollbackOnly() {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T resource(Object key, Supplier<T> create) {
            return create.get();
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
