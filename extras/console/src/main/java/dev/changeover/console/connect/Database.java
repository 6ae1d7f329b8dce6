package dev.changeover.console.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of the transition, over one connection. For one thread. */
public final class Database implements AutoCloseable {
    private static final int CONNECT_SECONDS = 10;
    private static final int MOST_ATTEMPTS = 5;

    /** The driver logs URLs that it cannot read, passwords and all. What is wrong with one is said here. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    static {
        DRIVER.setLevel(Level.OFF);
    }

    private final Target target;
    private final SharedConnection connection;

    /** Opens nothing yet. */
    public Database(Target target) {
        this.target = target;
        this.connection = new SharedConnection(source(target));
    }

    /** Prepares nothing on the server, as PgBouncer needs it. */
    private static DataSource source(Target target) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(target.url());
        } catch (IllegalArgumentException e) {
            // its message quotes the URL, which may hold a password
            throw ConsoleException.usage("The URL cannot be read", "Write it as jdbc:postgresql://HOST:PORT/DATABASE");
        }
        if (target.user() != null) {
            source.setUser(target.user());
        }
        if (target.password() != null) {
            source.setPassword(target.password());
        }
        source.setApplicationName("changeover console");
        source.setPrepareThreshold(0);
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setTcpKeepAlive(true);
        return source;
    }

    /** Returns where it is. */
    public Target target() {
        return target;
    }

    /** Returns a source that lends the one connection; with {@code dryRun} every commit is a rollback. */
    public DataSource source(boolean dryRun) {
        return connection.lend(dryRun);
    }

    /**
     * Reads rows in one snapshot, each as an object with the names of the query; times are in UTC.
     *
     * @param sql without a semicolon at its end
     * @param values what is bound to its parameters
     */
    public List<JsonNode> rows(String sql, @Nullable Object... values) throws SQLException {
        return SqlTransaction.snapshot(source(false), open -> rows(open, sql, values));
    }

    /** Reads rows in the transaction of the connection. */
    public static List<JsonNode> rows(Connection open, String sql, @Nullable Object... values) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute("SET LOCAL TimeZone TO 'UTC'");
        }
        String query = "SELECT row_to_json(r)::text FROM (" + sql + ") r";
        try (PreparedStatement statement = open.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<JsonNode> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(Json.read(result.getString(1)));
                }
            }
            return rows;
        }
    }

    /** Writes in one transaction under READ COMMITTED; with {@code dryRun} it is rolled back at its end. */
    public <T> T write(boolean dryRun, SqlTransaction.Work<T> work) throws SQLException {
        return SqlTransaction.readCommitted(source(dryRun), work);
    }

    /**
     * Writes what depends on what it reads, as if nobody else wrote meanwhile; with {@code dryRun} it is rolled back at
     * its end. It is begun again when somebody did.
     */
    public <T> T alone(boolean dryRun, SqlTransaction.Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return serializable(dryRun, work);
            } catch (SQLException e) {
                if (!"40001".equals(e.getSQLState()) || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private <T> T serializable(boolean dryRun, SqlTransaction.Work<T> work) throws SQLException {
        try (Connection open = source(dryRun).getConnection()) {
            open.setAutoCommit(false);
            try (Statement statement = open.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                T result = work.on(open);
                open.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                open.rollback();
                throw e;
            } finally {
                open.setAutoCommit(true);
            }
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
