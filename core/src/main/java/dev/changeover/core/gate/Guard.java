package dev.changeover.core.gate;

import dev.changeover.core.Changeover;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.event.ChangeoverListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what this instance serves, and takes a repository one step back when new breaks its budget soon after a move:
 * from RAMP to 0 %, from NEW_PRIMARY to RAMP. It never goes forward, and it says in the history what it saw.
 *
 * <pre>{@code
 * Guard guard = new Guard(Budget.DEFAULTS);
 * Changeover changeover = Changeover.builder().listener(guard)...start();
 * guard.watch(changeover);
 * }</pre>
 *
 * <p>Several windows in a row have to break the budget (hysteresis) since the repository last changed, by more than
 * chance explains, and a window with few calls says nothing. Where both
 * sides serve they are compared in the same window; where new leads alone, with the last full window of legacy. Safe for
 * use by several threads; what it does on the caller's thread is one count.
 */
public final class Guard implements ChangeoverListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final String ACTOR = "guard";

    private final Budget budget;
    private final ToLongFunction<String> divergences;
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** A guard that knows of no divergences. */
    public Guard(Budget budget) {
        this(budget, repository -> 0);
    }

    /**
     * A guard that counts divergences, too.
     *
     * @param divergences returns how many divergences of a repository have been confirmed so far
     */
    public Guard(Budget budget, ToLongFunction<String> divergences) {
        this.budget = budget;
        this.divergences = divergences;
    }

    /** Begins to judge what is served, once a window. */
    public void watch(Changeover changeover) {
        Thread thread = new Thread(() -> run(changeover), "changeover-guard");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Changeover changeover) {
        long end = System.nanoTime();
        while (!closed) {
            end += budget.window().toNanos();
            while (!closed && System.nanoTime() < end) {
                LockSupport.parkNanos(this, end - System.nanoTime());
            }
            judge(changeover);
        }
    }

    @Override
    public void readServed(String repository, String operation, Side side, long nanos, boolean failed) {
        count(repository, side, nanos, failed);
    }

    @Override
    public void writeServed(
            String repository, String operation, Stage stage, Side authority, long nanos, boolean failed) {
        count(repository, authority, nanos, failed);
    }

    private void count(String repository, Side side, long nanos, boolean failed) {
        Watch watch = watches.get(repository);
        if (watch == null) {
            watch = watches.computeIfAbsent(repository, name -> new Watch(budget));
        }
        watch.count(side, nanos, failed);
    }

    private void judge(Changeover changeover) {
        watches.forEach((repository, watch) -> {
            try {
                RepositoryState state = changeover.stages().of(repository);
                String breach = watch.closeWindow(state, divergences.applyAsLong(repository));
                if (breach != null && onProbation(changeover, repository)) {
                    stepBack(changeover, state, breach);
                }
            } catch (RuntimeException | Error e) {
                LOG.warn("the guard could not look after {}; it tries again", repository, e);
            }
        });
    }

    private boolean onProbation(Changeover changeover, String repository) {
        Duration unchanged = changeover.gates().unchangedFor(repository);
        return unchanged != null && unchanged.compareTo(budget.probation()) < 0;
    }

    /**
     * Steps back from the state that was judged. Who has changed it since then, be it the guard of another instance, knows
     * more than what was measured before: that step stands, and is judged by windows of its own.
     */
    private static void stepBack(Changeover changeover, RepositoryState state, String why) {
        try {
            if (state.stage() == Stage.RAMP && state.percent() > 0) {
                LOG.warn("{}: back to 0 %: {}", state.name(), why);
                changeover.stages().percentFrom(state, 0, ACTOR, why);
            } else if (state.stage() == Stage.NEW_PRIMARY) {
                LOG.warn("{}: back to RAMP: {}", state.name(), why);
                changeover.stages().moveFrom(state.epoch(), state.name(), Stage.RAMP, ACTOR, why);
            }
        } catch (MoveRefusedException e) {
            if (!e.code().equals(MoveRefusedException.CHANGED)) {
                throw e;
            }
            LOG.info("{}: not taken back, somebody has changed it meanwhile", state.name());
        }
    }

    /** Stops judging. */
    @Override
    public void close() {
        closed = true;
    }
}
