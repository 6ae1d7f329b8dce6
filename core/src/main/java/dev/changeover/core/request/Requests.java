package dev.changeover.core.request;

import dev.changeover.core.request.RequestTable.Skills;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from {@code changeover.request} and has them done, one at a time for each repository, except for those
 * that change nothing. One thread looks for them and says how they go on; each runs on a thread of its own. An instance
 * that dies, or cannot reach the database, loses its requests to the others after 15 seconds. Safe for use by several
 * threads.
 */
public final class Requests implements AutoCloseable {

    static final String CANCEL = "cancel";

    /** What the library can be asked for; an instance without the handler leaves it to those that have it. */
    private static final Set<String> VERBS = Set.of(
            "gates",
            "move",
            "percent",
            "ramp",
            "preflight",
            "backfill",
            "reseed",
            "accept",
            "pause",
            "resume",
            "limit",
            "drain",
            "retry_parked",
            CANCEL,
            "verify",
            "verify_rate",
            "repair",
            "explain",
            "maintain");

    private static final int MOST = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    private final RequestTable table;
    private final Map<String, RequestHandler> handlers;
    private final Supplier<Set<String>> repositories;
    private final long everyMillis;
    private final List<RequestRun> running = new ArrayList<>(); // of the one thread that looks
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean closed;
    private boolean away;
    private @Nullable Thread thread;

    Requests(
            RequestTable table,
            Map<String, RequestHandler> handlers,
            Supplier<Set<String>> repositories,
            Duration every) {
        this.table = table;
        this.handlers = new HashMap<>(handlers);
        this.handlers.put(CANCEL, new CancelHandler(table));
        this.repositories = repositories;
        this.everyMillis = Math.max(1, every.toMillis());
    }

    synchronized void start() {
        Thread started = new Thread(this::run, "changeover-requests");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    private void run() {
        while (!closed) {
            look();
            pause(everyMillis / 2 + ThreadLocalRandom.current().nextLong(everyMillis));
        }
        running.forEach(run -> run.request().drop());
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (running.stream().anyMatch(run -> !run.over()) && System.nanoTime() < until) {
            pause(100);
        }
        inTouch(this::end);
    }

    private void look() {
        inTouch(() -> {
            end();
            for (RequestRun run : running) {
                table.goesOn(run.request());
            }
            take();
        });
    }

    /** What goes wrong with the database is said once, and once that it is over. */
    private void inTouch(Step step) {
        try {
            step.run();
            if (away) {
                LOG.warn("requests can be read again");
            }
            away = false;
        } catch (SQLException | RuntimeException | Error e) {
            if (!away) {
                LOG.warn("requests cannot be read: {}. This is tried again, and not said again", e.getMessage());
            }
            away = true;
        }
    }

    /** A step that needs the database. */
    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    /** What could not be told stays, and is told the next time. */
    private void end() throws SQLException {
        for (RequestRun run : List.copyOf(running)) {
            RequestResult result = run.result();
            if (run.over() && result != null) {
                table.end(run.request(), result);
            }
            if (run.over()) {
                running.remove(run);
            }
        }
    }

    private void take() throws SQLException {
        Optional<Request> taken = table.take(skills());
        while (taken.isPresent()) {
            begin(taken.get());
            taken = closed ? Optional.empty() : table.take(skills());
        }
    }

    private Skills skills() {
        Set<String> alongside = new HashSet<>();
        handlers.forEach((verb, handler) -> {
            if (handler.alongside()) {
                alongside.add(verb);
            }
        });
        Set<String> known = new HashSet<>(VERBS);
        known.addAll(handlers.keySet());
        return new Skills(
                repositories.get(), running.size() < MOST ? handlers.keySet() : Set.of(CANCEL), alongside, known);
    }

    private void begin(Request request) throws SQLException {
        RequestHandler handler = Objects.requireNonNull(handlers.get(request.verb()));
        RequestRun run = new RequestRun(request, handler, table.instance(), wake::release);
        running.add(run);
        if (request.verb().equals(CANCEL)) {
            run.run(); // it takes no time, and must not wait for those that do
            end();
        } else {
            Thread worker = new Thread(run, "changeover-request-" + request.id());
            worker.setDaemon(true);
            worker.start();
        }
    }

    private void pause(long millis) {
        try {
            if (wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /**
     * Ends the threads of this. What runs is stopped at its next step, for which this waits at most ten seconds, and goes
     * on at another instance. To be called before the pool and the {@link dev.changeover.core.Changeover} are closed.
     */
    @Override
    public void close() {
        closed = true;
        wake.release();
        Thread looking;
        synchronized (this) {
            looking = thread;
        }
        if (looking != null) {
            try {
                looking.join(PATIENCE.plusSeconds(5).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
