package dev.changeover.core.event;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/**
 * The meters of one operation, made when they are first needed. Two threads may make one twice; the registry gives both
 * the same.
 */
final class OperationMeters {

    /** Few, because each is a series; p50, p95 and p99 come out to a factor of about two, and one is a second: slow. */
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final int STAGES = Stage.values().length;

    private final MeterRegistry registry;
    private final Tags tags;
    private final AtomicReferenceArray<Timer> reads = new AtomicReferenceArray<>(4);
    private final AtomicReferenceArray<Timer> writes = new AtomicReferenceArray<>(STAGES * 2);
    private final AtomicReferenceArray<Timer> follower = new AtomicReferenceArray<>(STAGES);
    private final AtomicReferenceArray<Map<String, Counter>> marks = new AtomicReferenceArray<>(STAGES);
    private final Map<String, Counter> fallbacks = new ConcurrentHashMap<>();
    private final Map<String, Counter> skipped = new ConcurrentHashMap<>();
    private static final List<String> REHEARSED = List.of("equal", "different", "accepted");
    private final AtomicReferenceArray<Counter> rehearsals = new AtomicReferenceArray<>(REHEARSED.size());

    OperationMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        for (int stage = 0; stage < STAGES; stage++) {
            marks.set(stage, new ConcurrentHashMap<>());
        }
    }

    void read(Side side, long nanos, boolean failed) {
        int index = side.ordinal() * 2 + (failed ? 1 : 0);
        Timer timer = reads.get(index);
        if (timer == null) {
            timer = timer("changeover.read", tags.and("side", side.name(), "outcome", outcome(failed)));
            reads.set(index, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    void write(Stage stage, long nanos, boolean failed) {
        int index = stage.ordinal() * 2 + (failed ? 1 : 0);
        Timer timer = writes.get(index);
        if (timer == null) {
            Tags of = tags.and("stage", stage.name(), "side", stage.authority().name(), "outcome", outcome(failed));
            timer = timer("changeover.write", of);
            writes.set(index, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    void followed(Stage stage, long nanos) {
        Timer timer = follower.get(stage.ordinal());
        if (timer == null) {
            timer = timer("changeover.follower", tags.and("stage", stage.name()));
            follower.set(stage.ordinal(), timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    void marked(Stage stage, int keys, String reason) {
        Map<String, Counter> ofStage = marks.get(stage.ordinal());
        Counter counter = ofStage.get(reason);
        if (counter == null) {
            counter = registry.counter("changeover.marked", tags.and("stage", stage.name(), "reason", reason));
            ofStage.put(reason, counter);
        }
        counter.increment(keys);
    }

    void fellBack(String reason) {
        Counter counter = fallbacks.get(reason);
        if (counter == null) {
            counter = registry.counter("changeover.read.fallback", tags.and("reason", reason));
            fallbacks.put(reason, counter);
        }
        counter.increment();
    }

    void rehearsed(List<Difference> differences) {
        int index = differences.isEmpty() ? 0 : Difference.anyCounts(differences) ? 1 : 2;
        Counter counter = rehearsals.get(index);
        if (counter == null) {
            counter = rehearsal(REHEARSED.get(index), "none");
            rehearsals.set(index, counter);
        }
        counter.increment();
    }

    void rehearsalSkipped(String reason) {
        Counter counter = skipped.get(reason);
        if (counter == null) {
            counter = rehearsal("skipped", reason);
            skipped.put(reason, counter);
        }
        counter.increment();
    }

    private Counter rehearsal(String outcome, String reason) {
        return registry.counter("changeover.rehearsal", tags.and("outcome", outcome, "reason", reason));
    }

    private Timer timer(String name, Tags of) {
        return Timer.builder(name).tags(of).serviceLevelObjectives(BUCKETS).register(registry);
    }

    private static String outcome(boolean failed) {
        return failed ? "failed" : "ok";
    }
}
