package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Drain;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One thread that converges marked keys, in batches, parents before children. A local commit that left marks wakes it;
 * otherwise it looks by itself, with jitter, since other instances leave marks too (LISTEN does not work behind a
 * pooler).
 */
final class BackgroundDrain implements Drain, Runnable {

    private record Source(Converger<?, ?> converger, Supplier<RepositoryState> state, List<String> dependsOn) {}

    private final DataSource dataSource;
    private final ChangeoverListener listener;
    private final int batch;
    private final long idleMillis;
    private final Map<String, Source> sources = new ConcurrentHashMap<>();
    private final ForeignChanges foreign;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean paused;
    private volatile boolean closed;
    private @Nullable Thread thread;

    BackgroundDrain(DataSource dataSource, ChangeoverListener listener, int batch, long idleMillis) {
        this.dataSource = dataSource;
        this.listener = listener;
        this.foreign = new ForeignChanges(dataSource, listener);
        this.batch = batch;
        this.idleMillis = idleMillis;
    }

    void add(String name, Converger<?, ?> converger, Supplier<RepositoryState> state, List<String> dependsOn) {
        sources.put(name, new Source(converger, state, dependsOn));
    }

    synchronized void start() {
        Thread started = new Thread(this, "changeover-drain");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    /** Ends the thread after its batch. */
    synchronized void close() {
        closed = true;
        wake.release();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tells that marks were committed; never blocks. */
    void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    @Override
    public void run() {
        while (!closed) {
            boolean more = !paused && round();
            if (!more) {
                if (!paused) {
                    foreign.lookAt(sources.keySet());
                }
                await();
            }
        }
    }

    private void await() {
        try {
            long millis = idleMillis / 2 + ThreadLocalRandom.current().nextLong(idleMillis);
            if (wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Returns whether something was converged, so that there may be more. */
    private boolean round() {
        boolean copied = false;
        for (String name : parentsFirst()) {
            if (!closed && !paused) {
                copied |= converge(name).copied() > 0;
            }
        }
        return copied;
    }

    private List<String> parentsFirst() {
        return sources.keySet().stream()
                .sorted(java.util.Comparator.comparingInt((String name) -> depth(name, 0))
                        .thenComparing(name -> name))
                .toList();
    }

    private int depth(String name, int level) {
        Source source = sources.get(name);
        if (source == null || level > sources.size()) {
            return level;
        }
        return source.dependsOn().stream()
                .mapToInt(parent -> depth(parent, level + 1))
                .max()
                .orElse(level);
    }

    private Converger.Outcome converge(String name) {
        Source source = source(name);
        long start = System.nanoTime();
        try {
            RepositoryState state = source.state().get();
            Converger.Outcome outcome = source.converger().convergeMarked(state, batch);
            if (outcome.due() > 0) {
                listener.drained(name, outcome.copied(), outcome.failed(), System.nanoTime() - start);
            }
            return outcome;
        } catch (SuspiciousRemovals e) {
            listener.drainStopped(name, String.valueOf(e.getMessage()));
        } catch (SQLException | RuntimeException e) {
            if (!passes(e)) {
                listener.backgroundFailed("drain of " + name, e);
            }
        } catch (Error e) {
            listener.backgroundFailed("drain of " + name, e); // the next round is another try
        }
        return Converger.Outcome.NOTHING;
    }

    /** The repository moved on while this batch began, or a move holds the fence: the next one is another try. */
    private static boolean passes(Exception e) {
        return e instanceof SQLException sql
                && ("CO002".equals(sql.getSQLState()) || "55P03".equals(sql.getSQLState()));
    }

    private Source source(String name) {
        Source source = sources.get(name);
        if (source == null) {
            throw new ConfigurationException(name, "there is no such repository here", "Build it first");
        }
        return source;
    }

    @Override
    public long retryParked(String repository) {
        int number = source(repository).state().get().number();
        int retried = inTransaction(connection -> Attempts.retryNow(connection, number));
        wake();
        return retried;
    }

    @Override
    public long retryParked(String repository, Collection<String> keys) {
        int number = source(repository).state().get().number();
        int retried = inTransaction(connection -> Attempts.succeeded(connection, number, keys));
        wake();
        return retried;
    }

    @Override
    public long drainNow(String repository) {
        while (converge(repository).copied() > 0) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
        }
        return marks(repository);
    }

    @Override
    public boolean awaitEmpty(String repository, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        while (drainNow(repository) > 0) {
            if (System.nanoTime() > until || Thread.currentThread().isInterrupted()) {
                return false;
            }
            Pauses.millis(10);
        }
        return true;
    }

    private long marks(String repository) {
        int number = source(repository).state().get().number();
        return inTransaction(connection -> {
            String sql = "SELECT count(*) FROM changeover.mark WHERE repository = ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, number);
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }

    private <T> T inTransaction(SqlTransaction.Work<T> work) {
        try {
            return SqlTransaction.readCommitted(dataSource, work);
        } catch (SQLException e) {
            throw new ChangeoverException("The marks could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        wake();
    }

    /** A converger for the last keys of a move. */
    void convergeLast(Connection connection, RepositoryState state, int limit) throws SQLException {
        Source source = sources.get(state.name());
        if (source != null) {
            source.converger().convergeLast(connection, state, limit);
        }
    }
}
