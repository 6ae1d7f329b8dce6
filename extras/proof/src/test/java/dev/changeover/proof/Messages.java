package dev.changeover.proof;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;

/** Sits between the library and its pool, and sees every message to the server. */
final class Messages {

    /** What is done with them. */
    interface Hook {

        /** A connection is taken from the pool. */
        default void taken(Connection connection) throws SQLException {}

        /** Returns the text of a statement that is to be used instead of this one. */
        default String rewritten(String sql) {
            return sql;
        }

        /** Returns the connection on which this statement is to be sent. */
        default Connection routed(Connection connection, String sql) throws SQLException {
            return connection;
        }

        /** A message is about to be sent; COMMIT and ROLLBACK are messages, too. */
        void before(String sql);
    }

    private static final Set<String> ENDS = Set.of("commit", "rollback");

    private final Hook hook;

    private Messages(Hook hook) {
        this.hook = hook;
    }

    static DataSource of(DataSource pool, Hook hook) {
        Messages messages = new Messages(hook);
        return proxy(DataSource.class, (method, arguments) -> {
            Object result = invoke(method, pool, arguments);
            return result instanceof Connection connection ? messages.opened(connection) : result;
        });
    }

    private Connection opened(Connection connection) throws SQLException {
        hook.taken(connection);
        return proxy(Connection.class, (method, arguments) -> {
            if (ENDS.contains(method.getName()) && arguments == null) {
                return sent(method, connection, null, method.getName().toUpperCase(java.util.Locale.ROOT));
            } else if (!Statement.class.isAssignableFrom(method.getReturnType())) {
                return invoke(method, connection, arguments);
            }
            String sql = rewritten(arguments);
            Statement statement = (Statement) invoke(method, hook.routed(connection, sql), arguments);
            return statement instanceof PreparedStatement prepared
                    ? statement(PreparedStatement.class, prepared, sql)
                    : statement(Statement.class, statement, sql);
        });
    }

    private <S extends Statement> S statement(Class<S> type, S statement, String prepared) {
        return proxy(type, (method, arguments) -> {
            if (!method.getName().startsWith("execute")) {
                return invoke(method, statement, arguments);
            }
            String own = rewritten(arguments);
            return sent(method, statement, arguments, own.isEmpty() ? prepared : own);
        });
    }

    private String rewritten(Object[] arguments) {
        if (arguments == null || arguments.length == 0 || !(arguments[0] instanceof String text)) {
            return "";
        }
        String sql = hook.rewritten(text);
        arguments[0] = sql;
        return sql;
    }

    private Object sent(Method method, Object target, Object[] arguments, String sql) throws Throwable {
        hook.before(sql);
        return invoke(method, target, arguments);
    }

    private interface Call {
        Object on(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        InvocationHandler handler = (self, method, arguments) -> call.on(method, arguments);
        return type.cast(Proxy.newProxyInstance(Messages.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
