package dev.changeover.examples.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.testkit.PgBouncer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A database of its own for a test class, on one server for the JVM; through a PgBouncer where the build says so. */
public final class TestDatabase implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Server SERVER = start();
    private static final @Nullable PgBouncer BOUNCER = bouncer();

    private final HikariDataSource pool;
    private final String url;

    private TestDatabase(String url) {
        this.url = url;
        this.pool = Pool.open(url, 24);
    }

    /** Creates an empty database. */
    public static TestDatabase empty() {
        String name = "test" + NUMBER.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(SERVER.url())) {
            connection.createStatement().execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new TestDatabase(
                BOUNCER == null ? SERVER.url().replace("/postgres?", "/" + name + "?") : BOUNCER.jdbcUrl(name));
    }

    /** Creates a database with both schemas. */
    public static TestDatabase withBothSchemas() {
        TestDatabase database = empty();
        Script.LEGACY.run(database.pool, Schemas.DEFAULT);
        Script.LEGACY_INDEXES.run(database.pool, Schemas.DEFAULT);
        Script.NEW.run(database.pool, Schemas.DEFAULT);
        return database;
    }

    public HikariDataSource pool() {
        return pool;
    }

    public String url() {
        return url;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static @Nullable PgBouncer bouncer() {
        int connections = Integer.getInteger("changeover.testkit.pgbouncer", 0);
        if (connections == 0) {
            return null;
        }
        int port = URI.create(SERVER.url().substring("jdbc:".length())).getPort();
        PgBouncer bouncer = PgBouncer.to(port).poolSize(connections).start();
        Runtime.getRuntime().addShutdownHook(new Thread(bouncer::close));
        return bouncer;
    }

    private static Server start() {
        try {
            Server server = Server.embedded();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
