package dev.changeover.core.event;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.BackfillProgress.Remaining;
import dev.changeover.core.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The meters of one repository. Gauges show nothing (NaN) until something was told. */
final class RepositoryMeters {

    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<String, OperationMeters> operations = new ConcurrentHashMap<>();
    private final Map<String, BackfillProgress> copies = new ConcurrentHashMap<>();
    private final Timer drain;
    private final Counter drained;
    private final Counter failed;
    private final Counter parked;
    private final Counter drainStopped;
    private volatile double stage = Double.NaN;
    private volatile double epoch = Double.NaN;
    private volatile double percent = Double.NaN;
    private volatile double foreignChanges = Double.NaN;
    private volatile double breaker;

    RepositoryMeters(MeterRegistry registry, String repository) {
        this.registry = registry;
        this.tags = Tags.of("repository", repository);
        this.drain = registry.timer("changeover.drain", tags);
        this.drained = registry.counter("changeover.drained", tags.and("outcome", "ok"));
        this.failed = registry.counter("changeover.drained", tags.and("outcome", "failed"));
        this.parked = registry.counter("changeover.parked", tags);
        this.drainStopped = registry.counter("changeover.drain.stopped", tags);
        gauges();
    }

    private void gauges() {
        gauge("changeover.stage", tags, () -> stage);
        gauge("changeover.epoch", tags, () -> epoch);
        gauge("changeover.percent", tags, () -> percent);
        gauge("changeover.breaker", tags, () -> breaker);
        gauge("changeover.foreign.changes", tags, () -> foreignChanges);
    }

    private void gauge(String name, Tags of, Supplier<Number> value) {
        Gauge.builder(name, value).tags(of).register(registry);
    }

    OperationMeters operation(String operation) {
        OperationMeters known = operations.get(operation);
        return known != null
                ? known
                : operations.computeIfAbsent(
                        operation, name -> new OperationMeters(registry, tags.and("operation", name)));
    }

    void drained(int keys, int failures, long nanos) {
        drain.record(nanos, TimeUnit.NANOSECONDS);
        drained.increment(keys);
        failed.increment(failures);
    }

    void parked() {
        parked.increment();
    }

    void drainStopped() {
        drainStopped.increment();
    }

    void foreignChanges(long changes) {
        foreignChanges = changes;
    }

    void seen(Stage seen, long seenEpoch, int seenPercent) {
        stage = seen.ordinal();
        epoch = seenEpoch;
        percent = seenPercent;
    }

    void breaker(String state) {
        breaker = switch (state) {
            case "CLOSED", "DISABLED", "METRICS_ONLY" -> 0;
            case "HALF_OPEN" -> 1;
            default -> 2;
        };
    }

    void copied(String job, BackfillProgress progress) {
        if (copies.put(job, progress) == null) {
            Tags of = tags.and("job", job);
            copyGauge("changeover.copy.rows", of, job, BackfillProgress::rows);
            copyGauge("changeover.copy.estimated", of, job, BackfillProgress::total);
            copyGauge("changeover.copy.rate", of, job, BackfillProgress::rowsPerSecond);
            copyGauge("changeover.copy.workers", of, job, BackfillProgress::workers);
            copyGauge("changeover.copy.held", of, job, now -> now.held() == null ? 0 : 1);
            copyGauge("changeover.copy.remaining", of, job, now -> seconds(now, Remaining::likely));
            copyGauge("changeover.copy.remaining.most", of, job, now -> seconds(now, Remaining::most));
        }
    }

    private void copyGauge(String name, Tags of, String job, Function<BackfillProgress, Number> value) {
        gauge(name, of, () -> {
            BackfillProgress now = copies.get(job);
            return now == null ? Double.NaN : value.apply(now);
        });
    }

    private static Number seconds(BackfillProgress now, Function<Remaining, Duration> which) {
        Remaining remaining = now.remaining();
        return remaining == null ? Double.NaN : which.apply(remaining).toMillis() / 1000.0;
    }
}
