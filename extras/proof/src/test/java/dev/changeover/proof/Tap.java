package dev.changeover.proof;

import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Sits between the library and its pool, and knows the statements by a part of their text: stops a thread before one of
 * them is executed, or takes a rule out of one.
 */
final class Tap {

    private final DataSource pool;
    private final Probe probe = new Probe();
    private final Map<String, Boolean> points = new ConcurrentHashMap<>();
    private final Map<String, String> rewrites = new ConcurrentHashMap<>();
    private volatile String onConnect = "";

    Tap(DataSource pool) {
        this.pool = pool;
    }

    DataSource dataSource() {
        return proxy(DataSource.class, pool, (method, arguments) -> {
            Object result = invoke(method, pool, arguments);
            return result instanceof Connection connection ? tapped(prepared(connection)) : result;
        });
    }

    /** Stops the next thread that is about to execute a statement which contains this text. */
    PausePoint pauseBefore(String part) {
        points.put(part, true);
        return probe.pauseAt(part);
    }

    /** Runs this once, before the next statement that contains this text. */
    void runBefore(String part, Probe.Action action) {
        points.put(part, true);
        probe.runAt(part, action);
    }

    /** How often a statement with this text was executed since the first plan for it. */
    long executions(String part) {
        return probe.hits(part);
    }

    /** Runs this on every connection that is taken from now on. */
    void onConnect(String sql) {
        onConnect = sql;
    }

    /** Replaces this text in the statements of jobs, which are the library's own work in the background. */
    void rewriteInJobs(String part, String replacement) {
        rewrites.put(part, replacement);
    }

    private Connection prepared(Connection connection) throws SQLException {
        if (!onConnect.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(onConnect);
            }
        }
        return connection;
    }

    private Connection tapped(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments) -> {
            if (!Statement.class.isAssignableFrom(method.getReturnType())) {
                return invoke(method, connection, arguments);
            }
            String sql = "";
            if (arguments != null && arguments.length > 0 && arguments[0] instanceof String text) {
                sql = rewritten(text);
                arguments[0] = sql;
            }
            Statement statement = (Statement) invoke(method, connection, arguments);
            return statement instanceof PreparedStatement prepared
                    ? tapped(PreparedStatement.class, prepared, sql)
                    : tapped(Statement.class, statement, sql);
        });
    }

    private <S extends Statement> S tapped(Class<S> type, S statement, String prepared) {
        return proxy(type, statement, (method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                String sql = prepared;
                if (arguments != null && arguments.length > 0 && arguments[0] instanceof String text) {
                    sql = rewritten(text);
                    arguments[0] = sql;
                }
                reach(sql);
            }
            return invoke(method, statement, arguments);
        });
    }

    private void reach(String sql) {
        for (String part : points.keySet()) {
            if (sql.contains(part)) {
                probe.reach(part);
            }
        }
    }

    private String rewritten(String sql) {
        if (!Scene.inJob()) {
            return sql;
        }
        String result = sql;
        for (Map.Entry<String, String> rewrite : rewrites.entrySet()) {
            result = result.replace(rewrite.getKey(), rewrite.getValue());
        }
        return result;
    }

    private interface Call {
        Object on(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T target, Call call) {
        InvocationHandler handler = (self, method, arguments) -> call.on(method, arguments);
        return type.cast(Proxy.newProxyInstance(Tap.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
