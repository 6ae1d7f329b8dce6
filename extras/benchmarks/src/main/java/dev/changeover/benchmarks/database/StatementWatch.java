package dev.changeover.benchmarks.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Notes every statement that goes through a data source, and how long its round trip took. For one thread. */
final class StatementWatch {

    /** One round trip. */
    record Trip(String sql, long nanos) {}

    private final List<Trip> trips = new ArrayList<>();

    /** Returns the trips since the last call. */
    List<Trip> take() {
        List<Trip> taken = List.copyOf(trips);
        trips.clear();
        return taken;
    }

    DataSource around(DataSource source) {
        return wrap(DataSource.class, source, "");
    }

    private <T> T wrap(Class<T> type, Object target, String sql) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, a) -> {
            String name = method.getName();
            long start = System.nanoTime();
            Object result;
            try {
                result = method.invoke(target, a);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (name.startsWith("execute")) {
                trips.add(new Trip(sql.isEmpty() ? String.valueOf(a[0]) : sql, System.nanoTime() - start));
            } else if (name.equals("commit")) {
                trips.add(new Trip("COMMIT", System.nanoTime() - start));
            }
            return switch (name) {
                case "getConnection" -> target instanceof DataSource ? wrap(Connection.class, result, "") : result;
                case "prepareStatement" -> wrap(PreparedStatement.class, result, (String) a[0]);
                case "createStatement" -> wrap(Statement.class, result, "");
                default -> result;
            };
        }));
    }
}
