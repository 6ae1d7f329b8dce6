package dev.changeover.shadowcompare;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database that can be away, and whose reply to a commit can be lost. */
final class UnsureDataSource {
    volatile boolean away;
    final AtomicInteger repliesToLose = new AtomicInteger();
    final DataSource asDataSource;

    UnsureDataSource(DataSource pool) {
        this.asDataSource = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (away) {
                        throw new SQLException("the database is away", "08001");
                    }
                    return unsure(pool.getConnection());
                });
    }

    private Connection unsure(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("commit") && repliesToLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new SQLException("no reply", "08006");
                    }
                    return result;
                });
    }
}
