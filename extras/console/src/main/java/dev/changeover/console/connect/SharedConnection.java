package dev.changeover.console.connect;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One connection, lent to whoever asks for one. It is opened when it is needed first, and again when it has broken. What
 * is only rehearsed goes the same way up to its commit, which is a rollback then.
 */
final class SharedConnection implements AutoCloseable {

    private final DataSource source;
    private @Nullable Connection connection;

    SharedConnection(DataSource source) {
        this.source = source;
    }

    /** Returns a source that lends the connection. */
    DataSource lend(boolean dryRun) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getConnection")) {
                return lent(open(), dryRun);
            }
            return call(source, method, arguments);
        });
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null || !open.isValid(5)) {
            close();
            open = source.getConnection();
            connection = open;
        }
        return open;
    }

    private static Connection lent(Connection connection, boolean dryRun) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                return null;
            } else if (dryRun && method.getName().equals("commit")) {
                connection.rollback();
                return null;
            }
            return call(connection, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // it has gone, which is what was wanted
            }
        }
    }
}
