package dev.changeover.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database of its own for one test class, dropped at the end of it.
 *
 * <p>Either let {@link PostgresTest} create it, or register it:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PostgresDatabase db = PostgresDatabase.fresh().script("schema.sql");
 * }</pre>
 *
 * <p>With the system property {@code changeover.testkit.pgbouncer=n} the application under test, which has its
 * connections from {@link #pool(int)} or {@link #proxy()}, goes through a {@link PgBouncer} with {@code n} connections a
 * database. All else leads to the server itself: what a test looks at, and the sessions that it puts in order.
 *
 * <p>Sessions have another time zone than the JVM on purpose. Safe for use by several threads once it is open.
 */
public final class PostgresDatabase implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private final String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    private final List<String> scripts = new ArrayList<>();
    private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();
    private @Nullable PostgresCluster cluster;
    private @Nullable String template;
    private int openings;

    private PostgresDatabase() {}

    /** A database of the shared cluster; it exists from {@link #open()} on, which JUnit calls. */
    public static PostgresDatabase fresh() {
        return new PostgresDatabase();
    }

    /** Creates the database in this cluster, not in the shared one. */
    public PostgresDatabase in(PostgresCluster cluster) {
        this.cluster = cluster;
        return this;
    }

    /** Creates the database as a copy of this one, to which nobody may be connected. */
    public PostgresDatabase template(String template) {
        this.template = template;
        return this;
    }

    /**
     * Runs an SQL script of the class path when the database is created; scripts run in the order of the calls.
     *
     * @param resource a path without a leading slash, for example {@code sql/schema.sql}
     */
    public PostgresDatabase script(String resource) {
        scripts.add(resource);
        return this;
    }

    /** Creates the database and runs its scripts, unless it is open. For use without JUnit; returns this. */
    public synchronized PostgresDatabase open() {
        if (openings++ == 0) {
            cluster().createDatabase(name, template == null ? "template1" : template);
            scripts.forEach(script -> execute(text(script)));
        }
        return this;
    }

    /** The cluster that holds the database. */
    public synchronized PostgresCluster cluster() {
        if (cluster == null) {
            cluster = PostgresCluster.shared();
        }
        return cluster;
    }

    /** The name of the database, unique in its cluster. */
    public String name() {
        return name;
    }

    /** The URL for the user {@code postgres}. Connections made with it directly have the JVM's time zone. */
    public String jdbcUrl() {
        return cluster().jdbcUrl(name);
    }

    /** Plain connections, one per call, without a pool. */
    public DataSource dataSource() {
        return new ForeignZone(jdbcUrl());
    }

    /** Plain connections through a proxy in front of the cluster, one per call, without a pool. */
    public DataSource dataSource(FaultProxy proxy) {
        PgBouncer bouncer = bouncer();
        return new ForeignZone(bouncer == null ? proxy.jdbcUrl(name) : bouncer.jdbcUrl(name, proxy.port()));
    }

    /** A proxy on the way of the application: in front of what {@link #pool(int)} leads to. The caller closes it. */
    public FaultProxy proxy() {
        PgBouncer bouncer = bouncer();
        return FaultProxy.to("127.0.0.1", bouncer == null ? cluster().port() : bouncer.port());
    }

    /** Plain connections through this PgBouncer, one per call, without a pool. */
    public DataSource dataSource(PgBouncer bouncer) {
        return new ForeignZone(bouncer.jdbcUrl(name));
    }

    /**
     * A new pool of at most that many connections, closed after the test class. It hands out a connection within 5
     * seconds or fails.
     */
    public HikariDataSource pool(int size) {
        PgBouncer bouncer = bouncer();
        return pool(bouncer == null ? dataSource() : dataSource(bouncer), size);
    }

    private @Nullable PgBouncer bouncer() {
        int connections = Integer.getInteger("changeover.testkit.pgbouncer", 0);
        return connections == 0 ? null : cluster().bouncer(connections);
    }

    /** A new pool over this source, which may lead through a proxy or a PgBouncer; closed after the test class. */
    public HikariDataSource pool(DataSource source, int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    /** A new connection in auto-commit mode; the caller closes it. */
    public Connection connection() throws SQLException {
        return dataSource().getConnection();
    }

    /** Runs one or several statements, separated by semicolons, on a connection of their own. */
    public void execute(String sql) {
        on(sql, statement -> statement.execute(sql));
    }

    /** The number in the first column of the only row; fails if it is null or if there is no row. */
    public long queryLong(String sql) {
        String value = queryString(sql);
        if (value == null) {
            throw new IllegalStateException("Null: " + sql);
        }
        return Long.parseLong(value);
    }

    /** The text of the first column of the only row, null for an SQL null; fails unless there is exactly one row. */
    public @Nullable String queryString(String sql) {
        List<@Nullable String> rows = queryStrings(sql);
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows instead of one: " + sql);
        }
        return rows.get(0);
    }

    /** The texts of the first column of all rows, in the order of the query; an SQL null is null. */
    public List<@Nullable String> queryStrings(String sql) {
        List<@Nullable String> rows = new ArrayList<>();
        on(sql, statement -> {
            try (ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    rows.add(result.getString(1));
                }
            }
        });
        return rows;
    }

    /** Opens the database before the first test of the class. */
    @Override
    public void beforeAll(ExtensionContext context) {
        open();
    }

    /** Closes the database after the last test of the class. */
    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Drops the database as often as it was opened before; sessions that leaked are ended, not reported. */
    @Override
    public synchronized void close() {
        // nested test classes inherit the extension and open it again
        if (openings > 0 && --openings == 0) {
            pools.forEach(HikariDataSource::close);
            pools.clear();
            if (cluster().isRunning()) {
                cluster().dropDatabase(name);
            }
        }
    }

    private void on(String sql, StatementWork work) {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            work.on(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("Failed: " + sql, e);
        }
    }

    private static String text(String resource) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("No " + resource + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource, e);
        }
    }

    private interface StatementWork {
        void on(Statement statement) throws SQLException;
    }
}
