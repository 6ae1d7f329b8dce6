package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A running PgBouncer in transaction mode on 127.0.0.1, in front of a server: each transaction gets a connection to the
 * server that another client may have had before, and may leave to a third one.
 *
 * <p>It is this machine's own, found on the PATH. It deals its connections in turn, so that what a transaction leaves
 * behind on one shows up elsewhere at once.
 *
 * <p>Runs as root (on Linux, with {@code unshare} from util-linux) and as a plain user. Safe for use by several threads.
 */
public final class PgBouncer implements AutoCloseable {
    private static final String PREFIX = "pgbouncer-";
    private static final Path PID_FILE = Path.of("pgbouncer.pid");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final OwnDirectory directory;
    private final Process process;
    private final int port;
    private final PgBouncerProgram program;

    private PgBouncer(PgBouncerProgram program, OwnDirectory directory, Process process, int port) {
        this.program = program;
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    /** A builder of a PgBouncer in front of this cluster. */
    public static Builder to(PostgresCluster cluster) {
        return to(cluster.port());
    }

    /** A builder of a PgBouncer in front of a server on 127.0.0.1, whose user {@code postgres} needs no password. */
    public static Builder to(int port) {
        return new Builder(port);
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /**
     * The URL of a database through this PgBouncer for the user {@code postgres}, with the driver's setting that every
     * version of PgBouncer can do with: {@code prepareThreshold=0}, no statements that are prepared on the server.
     */
    public String jdbcUrl(String database) {
        return jdbcUrl(database, port);
    }

    /** The same by way of a proxy at that port. */
    String jdbcUrl(String database, int port) {
        return PostgresCluster.jdbcUrl(port, database) + "&prepareThreshold=0";
    }

    /** The same with the driver's defaults, which prepare a statement on the server at its fifth use. */
    public String plainUrl(String database) {
        return PostgresCluster.jdbcUrl(port, database);
    }

    /**
     * Whether this version can be told, by {@code max_prepared_statements}, to prepare a client's statements on whichever
     * connection it deals: from 1.21 on.
     */
    public boolean knowsPreparedStatements() {
        return program.isAtLeast(1, 21);
    }

    /** The version, for example {@code 1.18.0}. */
    public String version() {
        return program.version();
    }

    /** Ends it; its clients' connections break. */
    @Override
    public void close() {
        kill();
        directory.close();
    }

    private void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitStart() {
        Awaitility.await("PgBouncer listens")
                .atMost(START_LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !process.isAlive() || listens());
        if (!process.isAlive()) {
            throw new IllegalStateException("PgBouncer did not start:\n" + log(directory));
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path logFile(OwnDirectory directory) {
        return directory.path().resolve("pgbouncer.log");
    }

    private static String log(OwnDirectory directory) {
        try {
            return Files.readString(logFile(directory));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    /** Ends what a JVM left behind that was killed itself. */
    private static void endAbandoned(Path directory) {
        try {
            long pid =
                    Long.parseLong(Files.readString(directory.resolve(PID_FILE)).trim());
            ProcessHandle.of(pid)
                    .filter(process -> process.info().command().orElse("").contains("pgbouncer"))
                    .ifPresent(ProcessHandle::destroyForcibly);
        } catch (IOException | NumberFormatException e) {
            // it was killed while it began or ended
        }
    }

    /** Settings of a PgBouncer to be started. Not safe for use by several threads. */
    public static final class Builder {
        private static final int ATTEMPTS = 3;

        private final int server;
        private final Map<String, String> settings = new LinkedHashMap<>();

        private Builder(int server) {
            this.server = server;
            settings.put("pool_mode", "transaction");
            settings.put("max_client_conn", "500");
            settings.put("auth_type", "any");
            settings.put("listen_addr", "127.0.0.1");
            settings.put("unix_socket_dir", "");
            settings.put("server_round_robin", "1");
            // a test that needs more connections than there are shall say so, and a killed server be there again soon
            settings.put("query_wait_timeout", "20");
            settings.put("server_login_retry", "1");
            poolSize(5);
        }

        /** How many transactions a database can have at once, 5 if not set; further ones wait. */
        public Builder poolSize(int connections) {
            return setting("default_pool_size", Integer.toString(connections));
        }

        /** Sets a parameter of the section {@code [pgbouncer]}, replacing the kit's value. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Starts it and returns when it accepts connections. */
        public PgBouncer start() {
            PgBouncerProgram program = PgBouncerProgram.ofThisMachine();
            OwnDirectory.clearAbandoned(PREFIX, PID_FILE, PgBouncer::endAbandoned);
            for (int attempt = 1; ; attempt++) {
                OwnDirectory directory = directory();
                try {
                    return start(program, directory);
                } catch (RuntimeException e) {
                    // somebody may take a free port before it does
                    boolean taken = log(directory).contains("in use");
                    directory.close();
                    if (!taken || attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }

        private PgBouncer start(PgBouncerProgram program, OwnDirectory directory) {
            int port = PostgresCluster.freePort();
            try {
                Path file = directory.path().resolve("pgbouncer.ini");
                Files.writeString(file, configuration(directory, port));
                Process process = Command.start(
                        Command.unprivileged(List.of(program.path().toString(), file.toString())), logFile(directory));
                return started(new PgBouncer(program, directory, process, port));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot start " + program.path(), e);
            }
        }

        private static PgBouncer started(PgBouncer bouncer) {
            try {
                bouncer.awaitStart();
                return bouncer;
            } catch (RuntimeException e) {
                bouncer.kill(); // it may be slow, not dead
                throw e;
            }
        }

        private String configuration(OwnDirectory directory, int port) {
            StringBuilder text = new StringBuilder("[databases]\n* = host=127.0.0.1 user=postgres port=")
                    .append(server)
                    .append("\n[pgbouncer]\nlisten_port = ")
                    .append(port)
                    .append("\npidfile = ")
                    .append(directory.path().resolve(PID_FILE))
                    .append('\n');
            settings.forEach((name, value) ->
                    text.append(name).append(" = ").append(value).append('\n'));
            return text.toString();
        }

        private static OwnDirectory directory() {
            try {
                return OwnDirectory.create(PREFIX);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot create a directory for PgBouncer", e);
            }
        }
    }
}
