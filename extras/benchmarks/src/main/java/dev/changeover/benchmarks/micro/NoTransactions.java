package dev.changeover.benchmarks.micro;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Transactions without a database: on a connection that does nothing, so that only the library's own work shows. */
final class NoTransactions implements Transactions {

    private final ThreadLocal<UnitOfWork> active = new ThreadLocal<>();
    private final UnitOfWork unit = new EmptyUnit();

    @Override
    public UnitOfWork current() {
        return active.get();
    }

    @Override
    public <T> T required(TransactionSettings settings, Callable<T> work) throws Exception {
        active.set(unit);
        try {
            return work.call();
        } finally {
            active.remove();
        }
    }

    private static final class EmptyUnit implements UnitOfWork {

        private final PreparedStatement statement = silent(PreparedStatement.class, null);
        private final Connection connection = silent(Connection.class, statement);

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public boolean readOnly() {
            return true;
        }

        @Override
        public void flush() {}

        @Override
        public void setRollbackOnly() {}

        @Override
        public <T> T resource(Object key, Supplier<T> create) {
            return create.get();
        }

        @Override
        public void beforeCommit(Runnable check) {}

        @Override
        public void afterCompletion(Consumer<Boolean> action) {}

        private static <T> T silent(Class<T> type, Object statement) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, m, a) -> {
                if (m.getName().equals("prepareStatement")) {
                    return statement;
                }
                return m.getReturnType() == boolean.class ? Boolean.FALSE : m.getReturnType() == int.class ? 0 : null;
            }));
        }
    }
}
