package dev.changeover.examples;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.examples.workload.Histogram;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the library tells while the traffic runs. */
final class Observations implements ChangeoverListener {

    /** Marks of callers who always mark, and marks that fell with the caller's rollback. */
    private static final List<String> NOT_FOR_WANT_OF_TIME = List.of("ISOLATION", "AUTHORITY_THREW");

    private static final int KEPT = 20;

    private final Supplier<String> stage;
    private final Map<Side, Histogram> latencies = Map.of(Side.LEGACY, new Histogram(), Side.NEW, new Histogram());
    private final Map<String, LongAdder> marksOfReadCommitted = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> marksByReason = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> servedByNew = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> fellBack = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> rehearsed = new ConcurrentHashMap<>();
    private final LongAdder rehearsalDifferences = new LongAdder();
    private final Map<String, LongAdder> notes = new ConcurrentHashMap<>();

    Observations(Supplier<String> stage) {
        this.stage = stage;
    }

    @Override
    public void readServed(String repository, String operation, Side side, long nanos, boolean failed) {
        histogram(side).record(nanos);
        if (side == Side.NEW && !failed) {
            count(servedByNew, stage.get(), 1);
        }
    }

    @Override
    public void readFellBack(String repository, String operation, String reason) {
        count(fellBack, stage.get(), 1);
    }

    @Override
    public void writeServed(String repository, String operation, Stage at, Side authority, long nanos, boolean failed) {
        histogram(authority).record(nanos);
    }

    @Override
    public void marked(
            String repository, String operation, Stage at, int keys, String reason, @Nullable Throwable failure) {
        count(marksByReason, reason, keys);
        if (!NOT_FOR_WANT_OF_TIME.contains(reason)) {
            count(marksOfReadCommitted, stage.get(), keys);
        }
        if (failure != null && !reason.equals("LOCKED")) {
            note(repository + "." + operation + " marked as " + reason + ": " + failure);
        }
    }

    @Override
    public void rehearsed(String repository, String operation, String key, List<Difference> differences) {
        count(rehearsed, repository + "." + operation, 1);
        if (!differences.isEmpty()) {
            rehearsalDifferences.increment();
            note(repository + "." + operation + " rehearsed differently for " + key + ": " + differences);
        }
    }

    @Override
    public void parked(String repository, String key, int attempts, Throwable failure) {
        note(repository + " " + key + " parked after " + attempts + " attempts: " + failure);
    }

    @Override
    public void drainStopped(String repository, String why) {
        note(repository + " drain stopped: " + why);
    }

    @Override
    public void breakerMoved(String repository, String state) {
        note(repository + " breaker is " + state);
    }

    @Override
    public void backgroundFailed(String what, Throwable failure) {
        note(what + " failed: " + failure);
    }

    private void note(String text) {
        String note = stage.get() + ": " + text;
        if (notes.size() < KEPT || notes.containsKey(note)) {
            count(notes, note, 1);
        }
    }

    private Histogram histogram(Side side) {
        return side == Side.LEGACY ? latencies.get(Side.LEGACY) : latencies.get(Side.NEW);
    }

    private static void count(Map<String, LongAdder> counts, String name, long n) {
        counts.computeIfAbsent(name, key -> new LongAdder()).add(n);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }

    Histogram.Snapshot latencies(Side side) {
        return histogram(side).snapshot();
    }

    long marked() {
        return marksByReason.values().stream().mapToLong(LongAdder::sum).sum();
    }

    Map<String, Long> marksByReason() {
        return sums(marksByReason);
    }

    Map<String, Long> marksOfReadCommitted() {
        return sums(marksOfReadCommitted);
    }

    /** The share of the reads that new was to serve at 100 % and did serve. */
    double newReads(String label) {
        double served = servedByNew.getOrDefault(label, new LongAdder()).sum();
        double refused = fellBack.getOrDefault(label, new LongAdder()).sum();
        return served == 0 ? 0 : served / (served + refused);
    }

    /** How often each declared operation was rehearsed; those that never were are in it with 0. */
    Map<String, Long> rehearsed(List<String> declared) {
        Map<String, Long> counts = sums(rehearsed);
        declared.forEach(operation -> counts.putIfAbsent(operation, 0L));
        return counts;
    }

    long rehearsalDifferences() {
        return rehearsalDifferences.sum();
    }

    /** What else was told, and how often. */
    Map<String, Long> notes() {
        return sums(notes);
    }
}
