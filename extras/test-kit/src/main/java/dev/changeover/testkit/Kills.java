package dev.changeover.testkit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Kills what works on a database: one session, or the whole server, or stops a session for a while. Whom it meets is
 * chosen by the random numbers that it is given. To be used by one thread; its counts may be read by any.
 */
public final class Kills implements AutoCloseable {

    private static final String AT_WORK = """
            SELECT a.pid FROM pg_catalog.pg_stat_activity a
             WHERE a.datname = ? AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
               AND a.state IN ('active', 'idle in transaction') ORDER BY a.pid""";

    private final PostgresCluster cluster;
    private final String database;
    private final Random random;
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicLong crashes = new AtomicLong();
    private final AtomicLong pauses = new AtomicLong();
    private @Nullable Connection connection;

    /** Kills in this database of this cluster. */
    public Kills(PostgresCluster cluster, String database, Random random) {
        this.cluster = cluster;
        this.database = database;
        this.random = random;
    }

    /** How many sessions were ended in the middle of their work. */
    public long sessions() {
        return sessions.get();
    }

    /** How many times the server died. */
    public long crashes() {
        return crashes.get();
    }

    /** How many times a session was stopped for a while. */
    public long pauses() {
        return pauses.get();
    }

    /** Ends a session that is in the middle of something, as an administrator would; false if there is none. */
    public boolean session() throws SQLException {
        OptionalLong victim = victim();
        if (victim.isEmpty()) {
            return false;
        }
        try (PreparedStatement statement = connection().prepareStatement("SELECT pg_terminate_backend(?)")) {
            statement.setInt(1, Math.toIntExact(victim.getAsLong()));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                boolean killed = rows.getBoolean(1);
                sessions.addAndGet(killed ? 1 : 0);
                return killed;
            }
        }
    }

    /** Kills the server with all its sessions and starts it again; returns when it accepts connections. */
    public void server() {
        close();
        cluster.crash();
        cluster.restart();
        crashes.incrementAndGet();
    }

    /** Kills one session with SIGKILL, for which the server ends all others and recovers; false if there is none. */
    public boolean sessionHard() throws SQLException {
        OptionalLong victim = victim();
        if (victim.isEmpty()) {
            return false;
        }
        Command.signal("KILL", victim.getAsLong());
        crashes.incrementAndGet();
        awaitRecovery();
        return true;
    }

    /** Freezes a session in the middle of something for this long; false if there is none. */
    public boolean pause(Duration duration) throws SQLException {
        OptionalLong victim = victim();
        if (victim.isEmpty()) {
            return false;
        }
        cluster.pauseBackend(victim.getAsLong());
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            cluster.resumeBackend(victim.getAsLong());
        }
        pauses.incrementAndGet();
        return true;
    }

    private OptionalLong victim() throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement statement = connection().prepareStatement(AT_WORK)) {
            statement.setString(1, database);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
        }
        return found.isEmpty() ? OptionalLong.empty() : OptionalLong.of(found.get(random.nextInt(found.size())));
    }

    /** The server needs a moment to notice, so a first connection proves nothing: the old one must be gone, too. */
    private void awaitRecovery() {
        Awaitility.await("the server has recovered")
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !answers());
        Awaitility.await("the server has recovered")
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    close();
                    return answers();
                });
    }

    private boolean answers() {
        try (PreparedStatement statement = connection().prepareStatement("SELECT 1")) {
            return statement.execute();
        } catch (SQLException e) {
            return false;
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = cluster.dataSource("postgres").getConnection();
            connection = open;
        }
        return open;
    }

    /** Closes its own connection. */
    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // the server has died
            }
        }
    }
}
