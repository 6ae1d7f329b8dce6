package dev.changeover.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections whose session has another time zone than the JVM, so that code which confuses the two fails in tests.
 *
 * <p>The driver sends the JVM's zone with every new connection, and that beats the settings of the server and the
 * database; hence the extra statement.
 */
final class ForeignZone extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;
    private static final String FIRST = "Asia/Kathmandu";
    private static final String SECOND = "America/St_Johns";

    /** A zone that differs from the JVM's now, and by a part of an hour. */
    static String id() {
        Instant now = Instant.now();
        ZoneId first = ZoneId.of(FIRST);
        boolean same = ZoneId.systemDefault()
                .getRules()
                .getOffset(now)
                .equals(first.getRules().getOffset(now));
        return same ? SECOND : FIRST;
    }

    ForeignZone(String url) {
        setUrl(url);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return moved(super.getConnection());
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return moved(super.getConnection(user, password));
    }

    private static Connection moved(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE '" + id() + "'");
        }
        return connection;
    }
}
