package dev.changeover.core.event;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures what happens. Tags have few values: repository, operation, side, stage, outcome, reason, job; never a key.
 * A meter is looked up in the registry once and then kept, so an event costs no more than its recording.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>meter</th><th>kind</th><th>tags beside {@code repository}</th></tr>
 * <tr><td>{@code changeover.read}</td><td>timer</td><td>operation, side, outcome ({@code ok}, {@code failed})</td></tr>
 * <tr><td>{@code changeover.write}</td><td>timer</td><td>operation, stage, side, outcome</td></tr>
 * <tr><td>{@code changeover.follower}</td><td>timer</td><td>operation, stage: what the follower cost the caller</td></tr>
 * <tr><td>{@code changeover.marked}</td><td>counter of keys</td><td>operation, stage, reason</td></tr>
 * <tr><td>{@code changeover.read.fallback}</td><td>counter</td><td>operation, reason</td></tr>
 * <tr><td>{@code changeover.rehearsal}</td><td>counter</td><td>operation, outcome ({@code equal}, {@code different},
 * {@code accepted}, {@code skipped}), reason</td></tr>
 * <tr><td>{@code changeover.drain}</td><td>timer of batches</td><td></td></tr>
 * <tr><td>{@code changeover.drained}</td><td>counter of keys</td><td>outcome</td></tr>
 * <tr><td>{@code changeover.drain.stopped}, {@code changeover.parked}</td><td>counters</td><td></td></tr>
 * <tr><td>{@code changeover.stage}</td><td>gauge</td><td>0 for LEGACY_ONLY to 5 for NEW_ONLY</td></tr>
 * <tr><td>{@code changeover.percent}, {@code changeover.epoch}</td><td>gauges</td><td></td></tr>
 * <tr><td>{@code changeover.breaker}</td><td>gauge</td><td>0 closed, 1 half open, 2 open</td></tr>
 * <tr><td>{@code changeover.copy.rows}, {@code .estimated}, {@code .rate}</td><td>gauges</td><td>job</td></tr>
 * <tr><td>{@code changeover.background.failed}</td><td>counter</td><td>without {@code repository}</td></tr>
 * </table>
 */
public final class MicrometerListener implements ChangeoverListener {

    private final MeterRegistry registry;
    private final Map<String, RepositoryMeters> repositories = new ConcurrentHashMap<>();
    private final Counter backgroundFailures;

    /** Creates a listener that measures into this registry. */
    public MicrometerListener(MeterRegistry registry) {
        this.registry = registry;
        this.backgroundFailures = Counter.builder("changeover.background.failed")
                .description("Background work that failed and is tried again")
                .register(registry);
    }

    /** The map is asked first: computeIfAbsent would lock, and its lambda would be made for every event. */
    private RepositoryMeters of(String repository) {
        RepositoryMeters known = repositories.get(repository);
        return known != null
                ? known
                : repositories.computeIfAbsent(repository, name -> new RepositoryMeters(registry, name));
    }

    @Override
    public void readServed(String repository, String operation, Side side, long nanos, boolean failed) {
        of(repository).operation(operation).read(side, nanos, failed);
    }

    @Override
    public void readFellBack(String repository, String operation, String reason) {
        of(repository).operation(operation).fellBack(reason);
    }

    @Override
    public void writeServed(
            String repository, String operation, Stage stage, Side authority, long nanos, boolean failed) {
        of(repository).operation(operation).write(stage, nanos, failed);
    }

    @Override
    public void followed(String repository, String operation, Stage stage, long nanos) {
        of(repository).operation(operation).followed(stage, nanos);
    }

    @Override
    public void marked(
            String repository, String operation, Stage stage, int keys, String reason, @Nullable Throwable failure) {
        of(repository).operation(operation).marked(stage, keys, reason);
    }

    @Override
    public void rehearsed(String repository, String operation, String key, List<Difference> differences) {
        of(repository).operation(operation).rehearsed(differences);
    }

    @Override
    public void rehearsalSkipped(String repository, String operation, String reason) {
        of(repository).operation(operation).rehearsalSkipped(reason);
    }

    @Override
    public void drained(String repository, int keys, int failed, long nanos) {
        of(repository).drained(keys, failed, nanos);
    }

    @Override
    public void parked(String repository, String key, int attempts, Throwable failure) {
        of(repository).parked();
    }

    @Override
    public void drainStopped(String repository, String why) {
        of(repository).drainStopped();
    }

    @Override
    public void copied(BackfillProgress progress, String job) {
        of(progress.repository()).copied(job, progress);
    }

    @Override
    public void foreignChanges(String repository, long changes) {
        of(repository).foreignChanges(changes);
    }

    @Override
    public void stageSeen(String repository, Stage stage, long epoch, int percent) {
        of(repository).seen(stage, epoch, percent);
    }

    @Override
    public void breakerMoved(String repository, String state) {
        of(repository).breaker(state);
    }

    @Override
    public void backgroundFailed(String what, Throwable failure) {
        backgroundFailures.increment();
    }
}
