package dev.changeover.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One database session with a connection and a thread of its own, whose steps a test puts in order with those of
 * others. Auto-commit is off: a session is in a transaction until {@link #commit} or {@link #rollback}.
 *
 * <p>Nothing waits longer than the limit, 20 seconds by default; what hangs is reported with the session's name and its
 * statement. To be used by the one thread that runs the test.
 */
public final class Session implements AutoCloseable {
    private final String name;
    private final Connection connection;
    private final long pid;
    private final SessionMonitor monitor;
    private final ExecutorService thread;
    private Duration limit = Duration.ofSeconds(20);
    private @Nullable Future<?> step;

    private Session(String name, Connection connection, SessionMonitor monitor) throws SQLException {
        this.name = name;
        this.connection = connection;
        this.monitor = monitor;
        this.pid = Pids.of(connection);
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, "session " + name);
            created.setDaemon(true);
            return created;
        });
        connection.setAutoCommit(false);
    }

    /** Opens a session; the source also supplies the connections that observe it. */
    public static Session open(String name, DataSource source) {
        try {
            return over(name, source.getConnection(), source);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot open session " + name, e);
        }
    }

    /** A session over a connection that leads elsewhere, for example through a proxy; the session closes it. */
    public static Session over(String name, Connection connection, DataSource observer) throws SQLException {
        return new Session(name, connection, new SessionMonitor(observer));
    }

    /** Replaces the limit of 20 seconds for every wait. */
    public Session limit(Duration limit) {
        this.limit = limit;
        return this;
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /** The process id of the session's backend. */
    public long pid() {
        return pid;
    }

    /** Runs a step in the session's thread and waits for its end; throws {@link StepFailed} if the step throws. */
    public void run(Step step) {
        start(step);
        join();
    }

    /** Runs one or several SQL statements as a step and waits for its end. */
    public void run(String sql) {
        run(statement(sql));
    }

    /** Begins a step that is expected to block, and returns at once. */
    public void start(Step step) {
        if (isBusy()) {
            throw new IllegalStateException("Session " + name + " is still busy: " + monitor.describe(pid));
        }
        this.step = thread.submit(() -> {
            step.on(connection);
            return null;
        });
    }

    /** Begins SQL that is expected to block, and returns at once. */
    public void start(String sql) {
        start(statement(sql));
    }

    /** Whether a step runs. */
    public boolean isBusy() {
        return step != null && !step.isDone();
    }

    /** Waits until the session's backend waits for a lock; fails if the step ends instead. */
    public void awaitBlocked() {
        try {
            Awaitility.await("session " + name + " waits for a lock")
                    .atMost(limit)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(this::blocksOrEnds);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("Session " + name + " waits for no lock: " + monitor.describe(pid), e);
        }
        if (!isBusy()) {
            join();
            throw new AssertionError("Session " + name + " did not block: its step ended");
        }
    }

    private boolean blocksOrEnds() {
        return !isBusy() || monitor.waitsForLock(pid);
    }

    /** Waits for the end of the step that was started; throws {@link StepFailed} if the step throws. */
    public void join() {
        Throwable failure = joinFailed();
        if (failure != null) {
            throw new StepFailed(name, failure);
        }
    }

    /** Waits for the end of the step and returns what it threw, or null if it ended well or none was started. */
    public @Nullable Throwable joinFailed() {
        Future<?> current = step;
        if (current == null) {
            return null;
        }
        try {
            current.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("Session %s hangs after %s: %s".formatted(name, limit, monitor.describe(pid)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for session " + name, e);
        } finally {
            step = current.isDone() ? null : current;
        }
    }

    /** Commits as a step. */
    public void commit() {
        run(Connection::commit);
    }

    /** Rolls back as a step. */
    public void rollback() {
        run(Connection::rollback);
    }

    /** Ends the session, by force if a step still runs, and rolls back what is open. */
    @Override
    public void close() {
        if (isBusy()) {
            monitor.terminate(pid);
        }
        thread.shutdownNow();
        try {
            connection.close();
        } catch (SQLException e) {
            // broken on purpose, or just terminated: either way it is gone
        }
    }

    private static Step statement(String sql) {
        return connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        };
    }

    /** Something to do on the session's connection. */
    @FunctionalInterface
    public interface Step {
        /** Does it; whatever it throws reaches the test through {@link StepFailed}. */
        void on(Connection connection) throws Exception;
    }
}
