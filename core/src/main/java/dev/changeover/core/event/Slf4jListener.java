package dev.changeover.core.event;

import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a person wants to know: moves, marks and why, rehearsals that differ, parked keys, stopped drains, failures
 * in the background. Nothing for each read or write. What could come in floods is limited, and what was held back is
 * counted in a line of its own.
 *
 * <p>Values are never logged. Of an exception only the type and the SQLSTATE are, since the server's messages quote
 * rows; keys are logged where somebody has to look for them.
 */
public final class Slf4jListener implements ChangeoverListener {

    private final Logger log;
    private final LogLimit limit;
    private final Map<String, Stage> stages = new ConcurrentHashMap<>();
    private final Map<String, Long> foreign = new ConcurrentHashMap<>();

    /** Creates a listener that logs at most ten lines a minute of each kind. */
    public Slf4jListener() {
        this(LoggerFactory.getLogger(Slf4jListener.class), System::nanoTime, 10, Duration.ofMinutes(1));
    }

    /**
     * Creates a listener with another limit.
     *
     * @param log where to
     * @param clock nanoseconds
     * @param most how many lines of one kind a stretch of time may have
     * @param stretch the stretch of time
     */
    public Slf4jListener(Logger log, LongSupplier clock, int most, Duration stretch) {
        this.log = log;
        this.limit = new LogLimit(log, clock, most, stretch.toNanos());
    }

    /** Once, and again whenever it has doubled. */
    @Override
    public void foreignChanges(String repository, long changes) {
        long magnitude = Long.highestOneBit(changes);
        Long before = foreign.put(repository, magnitude);
        if (magnitude > (before == null ? 0 : before)) {
            log.info(
                    "{}: {} rows were changed round the library so far, see the view changeover.foreign_writers",
                    repository,
                    changes);
        }
    }

    @Override
    public void stageSeen(String repository, Stage stage, long epoch, int percent) {
        Stage before = stages.put(repository, stage);
        String share = stage == Stage.RAMP ? ", " + percent + " % of the reads on new" : "";
        if (before == null || before == stage) {
            log.info("{} is in {}{} (epoch {})", repository, stage, share, epoch);
        } else {
            log.info("{} moved from {} to {}{} (epoch {})", repository, before, stage, share, epoch);
        }
        limit.sweep();
    }

    /** Somebody else held the key, or the isolation forbids a copy: that happens. A failure is worth a warning. */
    @Override
    public void marked(
            String repository, String operation, Stage stage, int keys, String reason, @Nullable Throwable failure) {
        if (!limit.passes("marks of " + repository + ", " + reason)) {
            return;
        }
        if (failure == null) {
            log.info("{}.{}: {} keys marked in {}, {}", repository, operation, keys, stage, reason);
        } else {
            String what = Failures.describe(failure);
            log.warn("{}.{}: {} keys marked in {}, {}: {}", repository, operation, keys, stage, reason, what);
        }
    }

    @Override
    public void rehearsed(String repository, String operation, String key, List<Difference> differences) {
        if (Difference.anyCounts(differences) && limit.passes("rehearsals of " + repository + "." + operation)) {
            log.warn("{}.{} of key {} would differ on new: {}", repository, operation, key, differences);
        }
    }

    /** Says nothing of the batch; a drain that runs is when a count of suppressed lines may be due. */
    @Override
    public void drained(String repository, int keys, int failed, long nanos) {
        limit.sweep();
    }

    @Override
    public void parked(String repository, String key, int attempts, Throwable failure) {
        if (limit.passes("parked keys of " + repository)) {
            String what = Failures.describe(failure);
            log.error("{}: key {} is parked after {} attempts: {}", repository, key, attempts, what);
        }
    }

    @Override
    public void drainStopped(String repository, String why) {
        if (limit.passes("stopped drain of " + repository)) {
            log.error("{}: the drain stopped: {}", repository, why);
        }
    }

    @Override
    public void breakerMoved(String repository, String state) {
        if (limit.passes("breaker of " + repository)) {
            log.warn("{}: the breaker of the follower is {}", repository, state);
        }
    }

    @Override
    public void notShadowed(String repository, String operation, String why) {
        log.info("{}.{} is not shadowed: {}", repository, operation, why);
    }

    @Override
    public void backgroundFailed(String what, Throwable failure) {
        if (limit.passes("failures in the background, " + what)) {
            log.warn("Failed and will be tried again: {}: {}", what, Failures.describe(failure));
        }
    }
}
