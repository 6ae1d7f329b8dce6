package dev.changeover.legacyadapter;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connection of a transaction as its users see it: closing it does nothing, ending the transaction is refused. */
final class JoinedConnection implements InvocationHandler {

    private static final Set<String> OF_THE_OWNER =
            Set.of("commit", "setAutoCommit", "setTransactionIsolation", "setReadOnly", "abort");

    private final Connection connection;
    private boolean closed;

    private JoinedConnection(Connection connection) {
        this.connection = connection;
    }

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                JoinedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new JoinedConnection(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        return switch (method.getName()) {
            case "close" -> close();
            case "isClosed" -> closed || connection.isClosed();
            case "equals" -> args != null && proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "Joined " + connection;
            default -> delegate(method, args);
        };
    }

    private @Nullable Object close() {
        closed = true;
        return null;
    }

    private @Nullable Object delegate(Method method, @Nullable Object @Nullable [] args) throws Throwable {
        if (closed) {
            throw new SQLException("This connection has been closed.", "08003");
        }
        if (endsTransaction(method)) {
            throw new SQLException(
                    method.getName() + " is refused: the transaction belongs to whoever opened it. Throw to"
                            + " roll it back, or use a savepoint");
        }
        try {
            return method.invoke(connection, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** A rollback to a savepoint has a parameter and is the caller's right. */
    private static boolean endsTransaction(Method method) {
        return OF_THE_OWNER.contains(method.getName())
                || ("rollback".equals(method.getName()) && method.getParameterCount() == 0);
    }
}
