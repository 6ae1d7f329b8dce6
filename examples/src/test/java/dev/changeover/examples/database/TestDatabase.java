package dev.changeover.examples.database;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own for a test class, on one server for the JVM. */
public final class TestDatabase implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Server SERVER = start();

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
        return new TestDatabase(SERVER.url().replace("/postgres?", "/" + name + "?"));
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
