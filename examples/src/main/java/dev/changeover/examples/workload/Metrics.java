package dev.changeover.examples.workload;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the traffic did and what it was told. */
public final class Metrics {

    private static final int KEPT_ERRORS = 20;

    private final Supplier<String> stage;
    private final Map<String, LongAdder> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> readCommitted = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> retried = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<CallerError> errors = new ConcurrentLinkedQueue<>();
    private final AtomicLong errorCount = new AtomicLong();
    private volatile Consumer<String> errorTold = operation -> {};
    private final LongAdder refused = new LongAdder();
    private volatile @Nullable Throwable lastRefusal;
    private final LongAdder rolledBack = new LongAdder();
    private final Histogram units = new Histogram();
    private final Histogram reads = new Histogram();

    /** Creates empty figures that are told apart by the stage given here. */
    public Metrics(Supplier<String> stage) {
        this.stage = stage;
    }

    void acknowledged(int writes, Mode mode, long nanos) {
        add(acknowledged, stage.get(), writes);
        if (mode.readCommitted()) {
            add(readCommitted, stage.get(), writes);
        }
        units.record(nanos);
    }

    void rolledBack() {
        rolledBack.increment();
    }

    void refused(Throwable refusal) {
        refused.increment();
        lastRefusal = refusal;
    }

    void retried(String reason) {
        add(retried, reason, 1);
    }

    void read(long nanos) {
        reads.record(nanos);
    }

    /** Names who is told the operation of every error that reaches a caller. */
    public void onCallerError(Consumer<String> told) {
        errorTold = told;
    }

    /** Counts an error of a caller and keeps the first ones. */
    public void callerError(String operation, Throwable failure) {
        errorTold.accept(operation);
        if (errorCount.incrementAndGet() <= KEPT_ERRORS) {
            errors.add(new CallerError(stage.get(), operation, failure));
        }
    }

    private static void add(Map<String, LongAdder> counts, String key, long n) {
        counts.computeIfAbsent(key, name -> new LongAdder()).add(n);
    }

    /** Returns the acknowledged writes of all stages. */
    public long acknowledged() {
        return sum(acknowledged);
    }

    /** Returns the acknowledged writes by stage. */
    public Map<String, Long> acknowledgedPerStage() {
        return sums(acknowledged);
    }

    /** Returns those of them that were not REPEATABLE READ or SERIALIZABLE, by stage. */
    public Map<String, Long> readCommittedPerStage() {
        return sums(readCommitted);
    }

    /** Returns how many units were done again: serialisation failures and optimistic locks. */
    public long retried() {
        return sum(retried);
    }

    /** Returns how many units were done again, by reason. */
    public Map<String, Long> retriedByReason() {
        return sums(retried);
    }

    /** Returns how many units rolled back on purpose. */
    public long rollbacks() {
        return rolledBack.sum();
    }

    /** Returns how many units were refused because the other side leads. */
    public long refusals() {
        return refused.sum();
    }

    /** Returns how the last of them was refused, or null. */
    public @Nullable Throwable lastRefusal() {
        return lastRefusal;
    }

    /** Returns how many errors reached callers. */
    public long callerErrors() {
        return errorCount.get();
    }

    /** Returns the first errors that reached callers. */
    public List<CallerError> firstErrors() {
        return List.copyOf(errors);
    }

    /** Returns how long acknowledged units of work took. */
    public Histogram.Snapshot units() {
        return units.snapshot();
    }

    /** Returns how long reads took. */
    public Histogram.Snapshot reads() {
        return reads.snapshot();
    }

    private static long sum(Map<String, LongAdder> counts) {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((key, count) -> sums.put(key, count.sum()));
        return sums;
    }
}
