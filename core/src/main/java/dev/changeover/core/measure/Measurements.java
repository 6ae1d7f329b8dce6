package dev.changeover.core.measure;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.event.ChangeoverListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what an instance serves and compares. Given to the builder, it is told to the control schema every few seconds,
 * where gates and reports see the counts of all instances together; without it they know of no comparison and no
 * latency.
 *
 * <pre>{@code
 * Measurements measurements = new Measurements();
 * ShadowReads shadow = ShadowReads.builder(transactions).measurements(measurements)...
 * Changeover.builder().measurements(measurements).observer(shadow)...
 * }</pre>
 *
 * <p>Counting takes two lookups and three additions on the caller's thread and allocates nothing but the counters of an
 * operation that is new, about 4 kB. Safe for use by several threads.
 */
public final class Measurements implements ChangeoverListener {

    private static final Set<String> LACKING = Set.of("MARKED", "NOT_YET_BACKFILLED", "STALE");
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Map<String, Map<String, OperationCounts>> repositories = new ConcurrentHashMap<>();
    private final Duration period;

    /** Counts, to be told every five seconds. */
    public Measurements() {
        this(PERIOD);
    }

    private Measurements(Duration period) {
        this.period = period;
    }

    /**
     * Counts, to be told so often.
     *
     * @throws ConfigurationException if it is less than 10 ms
     */
    public static Measurements every(Duration period) {
        if (period.toMillis() < 10) {
            throw new ConfigurationException("measurements.every", "it is " + period, "Give at least 10 ms");
        }
        return new Measurements(period);
    }

    /** Returns how often they are told. */
    public Duration period() {
        return period;
    }

    /** Counts one comparison. */
    public void compared(String repository, String operation, Source source, Judgement judgement) {
        of(repository, operation).compared(source, judgement);
    }

    @Override
    public void readServed(String repository, String operation, Side side, long nanos, boolean failed) {
        of(repository, operation).served(side, nanos, failed);
    }

    @Override
    public void writeServed(
            String repository, String operation, Stage stage, Side authority, long nanos, boolean failed) {
        of(repository, operation).served(authority, nanos, failed);
    }

    @Override
    public void followed(String repository, String operation, Stage stage, long nanos) {
        of(repository, operation).followed(stage.authority(), nanos);
    }

    @Override
    public void rehearsed(String repository, String operation, String key, List<Difference> differences) {
        compared(repository, operation, Source.REHEARSAL, judged(differences));
    }

    private static Judgement judged(List<Difference> differences) {
        if (differences.isEmpty()) {
            return Judgement.MATCHED;
        }
        return Difference.anyCounts(differences) ? Judgement.DIVERGED : Judgement.ACCEPTED;
    }

    @Override
    public void rehearsalSkipped(String repository, String operation, String reason) {
        compared(
                repository,
                operation,
                Source.REHEARSAL,
                LACKING.contains(reason) ? Judgement.MARKED : Judgement.UNCONFIRMED);
    }

    private OperationCounts of(String repository, String operation) {
        Map<String, OperationCounts> operations = repositories.get(repository);
        if (operations == null) {
            operations = repositories.computeIfAbsent(repository, name -> new ConcurrentHashMap<>());
        }
        OperationCounts counts = operations.get(operation);
        return counts == null ? operations.computeIfAbsent(operation, name -> new OperationCounts()) : counts;
    }

    /** Returns everything that was counted so far. */
    public Counts counts() {
        return new Snapshot(repositories).counts();
    }
}
