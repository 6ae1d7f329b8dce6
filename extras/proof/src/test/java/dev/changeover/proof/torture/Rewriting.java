package dev.changeover.proof.torture;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Takes rules out of the statements that pass through a pool. */
final class Rewriting {

    static final String DRAIN = "changeover-drain";
    static final String MOVER = "mover";
    private static final List<String> THREADS = List.of(DRAIN, MOVER);

    private final Map<String, String> rewrites;

    private Rewriting(Map<String, String> rewrites) {
        this.rewrites = rewrites;
    }

    static DataSource of(DataSource pool, Map<String, String> rewrites) {
        Rewriting rewriting = new Rewriting(rewrites);
        return proxy(DataSource.class, pool, (method, arguments) -> {
            Object result = invoke(method, pool, arguments);
            return result instanceof Connection connection ? rewriting.on(connection) : result;
        });
    }

    private Connection on(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments) -> {
            rewrite(arguments);
            Object result = invoke(method, connection, arguments);
            boolean plain = method.getName().equals("createStatement");
            return plain ? on((Statement) result) : result;
        });
    }

    private Statement on(Statement statement) {
        return proxy(Statement.class, statement, (method, arguments) -> {
            rewrite(arguments);
            return invoke(method, statement, arguments);
        });
    }

    private void rewrite(Object[] arguments) {
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
            for (Map.Entry<String, String> rewrite : rewrites.entrySet()) {
                sql = rewrite(sql, rewrite.getKey(), rewrite.getValue());
            }
            arguments[0] = sql;
        }
    }

    private static String rewrite(String sql, String part, String replacement) {
        for (String thread : THREADS) {
            if (part.startsWith(thread + ":")) {
                return Thread.currentThread().getName().equals(thread)
                        ? sql.replace(part.substring(thread.length() + 1), replacement)
                        : sql;
            }
        }
        return sql.replace(part, replacement);
    }

    private interface Call {
        Object on(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T target, Call call) {
        InvocationHandler handler = (self, method, arguments) -> call.on(method, arguments);
        return type.cast(Proxy.newProxyInstance(Rewriting.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
