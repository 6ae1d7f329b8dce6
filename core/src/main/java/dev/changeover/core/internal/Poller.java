package dev.changeover.core.internal;

import dev.changeover.core.control.Control;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the stage cells of this instance fresh and tells the control schema what this instance has seen. What is told
 * was published to the cells before, so a move that waits for it knows that no new read begins under an older stage.
 */
final class Poller implements Runnable {

    private final Control control;
    private final ChangeoverListener listener;
    private final LongSupplier clock;
    private final String instance;
    private final String application;
    private final Duration lease;
    private final Map<String, StageCell> cells = new ConcurrentHashMap<>();
    private final Map<Integer, MarkCache> caches = new ConcurrentHashMap<>();
    private volatile long pauseMillis;
    private volatile boolean closed;
    private @Nullable Thread thread;

    Poller(
            Control control,
            ChangeoverListener listener,
            LongSupplier clock,
            String instance,
            String application,
            Duration lease) {
        this.control = control;
        this.listener = listener;
        this.clock = clock;
        this.instance = instance;
        this.application = application;
        this.lease = lease;
        this.pauseMillis = Math.max(1, lease.toMillis() / 8);
    }

    /** Reads the marks of a repository often enough for the bound of their cache. */
    void keep(int repository, MarkCache cache, Duration bound) {
        caches.put(repository, cache);
        pauseMillis = Math.max(1, Math.min(pauseMillis, bound.toMillis() / 4));
        refreshMarks();
    }

    private void refreshMarks() {
        caches.forEach((repository, cache) -> {
            long asked = clock.getAsLong();
            try {
                cache.answered(control.marked(repository, MarkCache.MOST), asked);
            } catch (SQLException e) {
                listener.backgroundFailed("read of the marks", e);
            }
        });
    }

    StageCell add(RepositoryState state) {
        StageCell cell = new StageCell(state, clock.getAsLong(), clock, () -> refresh(state.name()));
        cells.put(state.name(), cell);
        listener.stageSeen(state.name(), state.stage(), state.epoch(), state.percent());
        poll();
        return cell;
    }

    synchronized void start() {
        Thread started = new Thread(this, "changeover-poller");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                poll();
                refreshMarks();
            } catch (RuntimeException | Error e) {
                listener.backgroundFailed("poll of the control schema", e);
            }
            long millis = pauseMillis;
            Pauses.millis(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
        }
    }

    /** Reads all states, publishes them, says so; only then is the lease renewed. */
    void poll() {
        long asked = clock.getAsLong();
        publish(control.states());
        List<RepositoryState> seen = new ArrayList<>();
        List<StageCell> told = List.copyOf(cells.values());
        told.forEach(cell -> seen.add(cell.acknowledged()));
        control.heartbeat(instance, application, lease, seen);
        told.forEach(cell -> cell.extend(asked + lease.toNanos()));
    }

    private void publish(List<RepositoryState> states) {
        for (RepositoryState state : states) {
            StageCell cell = cells.get(state.name());
            if (cell != null && cell.publish(state)) {
                listener.stageSeen(state.name(), state.stage(), state.epoch(), state.percent());
            }
        }
    }

    private @Nullable RepositoryState refresh(String name) {
        poll();
        StageCell cell = cells.get(name);
        return cell == null ? null : cell.last();
    }
}
