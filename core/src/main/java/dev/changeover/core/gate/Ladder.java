package dev.changeover.core.gate;

import dev.changeover.core.Changeover;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Raises the share of reads that new serves step by step, each for a while, and stops where a gate is closed or somebody
 * else has changed the stage or the percentage. What it needs to know is in the control schema, so that it can be started
 * again, here or on another instance, and goes on at the step where the repository is. Immutable.
 *
 * @param percents the steps, rising
 * @param hold for how long each of them is held before the next
 */
public record Ladder(List<Integer> percents, Duration hold) {

    private static final long LOOK = Duration.ofMillis(100).toNanos();

    /** Checks the steps. */
    public Ladder {
        percents = List.copyOf(percents);
        for (int i = 0; i < percents.size(); i++) {
            int least = i == 0 ? 1 : percents.get(i - 1) + 1;
            if (percents.get(i) < least || percents.get(i) > 100) {
                throw new ConfigurationException("ladder.percents", "they are " + percents, "Give rising steps to 100");
            }
        }
        if (percents.isEmpty() || hold.isNegative()) {
            throw new ConfigurationException(
                    "ladder", "no step, or a negative time", "Give steps such as 10, 25, 50, 100");
        }
    }

    /** Returns 10, 25, 50 and 100 %, each held for so long. */
    public static Ladder usual(Duration hold) {
        return new Ladder(List.of(10, 25, 50, 100), hold);
    }

    /**
     * Why it ended.
     *
     * @param percent the percentage that the repository has now
     * @param stopped why it ended before its last step, or null if it did not
     */
    public record Climbed(int percent, @Nullable String stopped) {}

    /**
     * Climbs, on this thread, until the last step was held or something is in the way. An interrupt ends it between two
     * steps; the repository stays where it is.
     *
     * @throws ConfigurationException if the repository is not in RAMP
     */
    public Climbed climb(Changeover changeover, String repository, String actor, String reason) {
        return climb(changeover, repository, actor, reason, state -> false);
    }

    /**
     * Climbs, unless it is told to stop.
     *
     * @param stop asked with the present state before each step and about ten times a second while one is held; true ends it
     * @throws ConfigurationException if the repository is not in RAMP
     */
    public Climbed climb(
            Changeover changeover, String repository, String actor, String reason, Predicate<RepositoryState> stop) {
        return climb(changeover, changeover.stages().of(repository), actor, reason, stop);
    }

    /**
     * Climbs from a state that somebody has seen: not even the first step is taken if it was changed since.
     *
     * @param stop asked with the present state before each step and about ten times a second while one is held; true ends it
     * @throws ConfigurationException if the repository was not in RAMP
     */
    public Climbed climb(
            Changeover changeover, RepositoryState from, String actor, String reason, Predicate<RepositoryState> stop) {
        if (from.stage() != Stage.RAMP) {
            throw new ConfigurationException(from.name(), "it is in " + from.stage(), "Move it to RAMP first");
        }
        RepositoryState state = from;
        for (int percent : percents) {
            if (percent > state.percent()) {
                if (stop.test(state)) {
                    return new Climbed(state.percent(), "it was told to stop");
                }
                String closed = raise(changeover, state, percent, actor, reason);
                RepositoryState raised = changeover.stages().of(state.name());
                if (closed != null) {
                    return new Climbed(raised.percent(), closed);
                }
                if (raised.epoch() != state.epoch() || raised.revision() != state.revision() + 1) {
                    return new Climbed(raised.percent(), changedBy(raised));
                }
                state = raised;
            }
            String changed = percent >= state.percent() ? held(changeover, state, stop) : null;
            if (changed != null) {
                return new Climbed(changeover.stages().of(state.name()).percent(), changed);
            }
        }
        return new Climbed(state.percent(), null);
    }

    /** Steps from what was seen only: nobody's step back since then is stepped over. Returns what is in the way. */
    private static @Nullable String raise(
            Changeover changeover, RepositoryState from, int percent, String actor, String reason) {
        try {
            changeover.stages().percentFrom(from, percent, actor, reason);
            return null;
        } catch (GateNotMetException e) {
            return e.getMessage();
        } catch (MoveRefusedException e) {
            if (!e.code().equals(MoveRefusedException.CHANGED)) {
                throw e;
            }
            return changedBy(changeover.stages().of(from.name()));
        }
    }

    /** Returns who or what came between, or null when the time is over. */
    private @Nullable String held(Changeover changeover, RepositoryState state, Predicate<RepositoryState> stop) {
        Duration since = changeover.gates().unchangedFor(state.name());
        long end = System.nanoTime()
                + hold.minus(since == null ? Duration.ZERO : since).toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(this, Math.min(LOOK, Math.max(1, end - System.nanoTime())));
            if (Thread.currentThread().isInterrupted()) {
                return "interrupted";
            }
            RepositoryState now = changeover.stages().of(state.name());
            if (now.epoch() != state.epoch() || now.revision() != state.revision()) {
                return changedBy(now);
            }
            if (stop.test(now)) {
                return "it was told to stop";
            }
        }
        return null;
    }

    private static String changedBy(RepositoryState now) {
        return "somebody else changed it: " + now.stage() + " at " + now.percent() + " %";
    }
}
