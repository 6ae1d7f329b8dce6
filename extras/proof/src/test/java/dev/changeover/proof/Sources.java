package dev.changeover.proof;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Data sources that do something else with {@code getConnection}. */
final class Sources {

    private Sources() {}

    /** Connections that run these statements first, such as {@code SET ROLE}. */
    static DataSource after(DataSource source, String sql) {
        return of(source, () -> {
            Connection connection = source.getConnection();
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return connection;
        });
    }

    /** The threads of the library take their connections directly, those of the test through something that breaks. */
    static DataSource apart(DataSource library, DataSource test) {
        return byThread("changeover-", library, test);
    }

    /** Threads whose name begins so take their connections from the first, all others from the second. */
    static DataSource byThread(String prefix, DataSource theirs, DataSource others) {
        return of(
                others,
                () -> Thread.currentThread().getName().startsWith(prefix)
                        ? theirs.getConnection()
                        : others.getConnection());
    }

    private static DataSource of(DataSource rest, Opening opening) {
        return (DataSource) Proxy.newProxyInstance(
                Sources.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return opening.open();
                    }
                    try {
                        return method.invoke(rest, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Opens a connection. */
    private interface Opening {
        Connection open() throws SQLException;
    }
}
