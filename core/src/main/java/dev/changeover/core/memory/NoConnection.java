package dev.changeover.core.memory;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Stands where a unit of work has its connection, and refuses every use of it. */
final class NoConnection implements InvocationHandler {

    private final InMemoryUnit unit;

    private NoConnection(InMemoryUnit unit) {
        this.unit = unit;
    }

    static Connection of(InMemoryUnit unit) {
        return (Connection) Proxy.newProxyInstance(
                NoConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, new NoConnection(unit));
    }

    /** Returns the unit of work behind a connection. */
    static InMemoryUnit unit(Connection connection) {
        if (Proxy.isProxyClass(connection.getClass())
                && Proxy.getInvocationHandler(connection) instanceof NoConnection none) {
            return none.unit;
        }
        throw new UnsupportedOperationException(
                "InMemoryControl takes part in no database transaction. Give the builder InMemoryTransactions with it,"
                        + " or PostgresControl with a real connection");
    }

    @Override
    public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, arguments);
        }
        throw new UnsupportedOperationException("Connection." + method.getName()
                + ": a unit of work in memory has no database. Use stores that ignore the connection, such as MapStore,"
                + " or test this code on a real PostgreSQL");
    }

    private static Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "no connection: a unit of work in memory";
        };
    }
}
