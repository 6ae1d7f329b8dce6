package dev.changeover.examples;

import dev.changeover.core.Side;
import dev.changeover.examples.workload.Histogram;
import dev.changeover.examples.workload.Metrics;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Every other second: stage, throughput, latencies of both sides, marks and errors. */
final class StatusLine implements AutoCloseable {

    private static final int EVERY_SECONDS = 2;

    private final Report report;
    private final Phase phase;
    private final Metrics metrics;
    private final Observations observations;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "status");
        thread.setDaemon(true);
        return thread;
    });
    private long writes;
    private Histogram.Snapshot reads;
    private Histogram.Snapshot legacy;
    private Histogram.Snapshot next;

    StatusLine(Report report, Phase phase, Metrics metrics, Observations observations) {
        this.report = report;
        this.phase = phase;
        this.metrics = metrics;
        this.observations = observations;
        this.reads = metrics.reads();
        this.legacy = observations.latencies(Side.LEGACY);
        this.next = observations.latencies(Side.NEW);
    }

    void start() {
        clock.scheduleAtFixedRate(this::print, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void print() {
        long writesNow = metrics.acknowledged();
        Histogram.Snapshot readsNow = metrics.reads();
        Histogram.Snapshot legacyNow = observations.latencies(Side.LEGACY);
        Histogram.Snapshot nextNow = observations.latencies(Side.NEW);
        report.line(String.format(
                Locale.ROOT,
                "%-17s %4d writes/s %4d reads/s  legacy %s  new %s  marked %d  errors %d",
                phase.get(),
                (writesNow - writes) / EVERY_SECONDS,
                readsNow.since(reads).count() / EVERY_SECONDS,
                percentiles(legacyNow.since(legacy)),
                percentiles(nextNow.since(next)),
                observations.marked(),
                metrics.callerErrors()));
        writes = writesNow;
        reads = readsNow;
        legacy = legacyNow;
        next = nextNow;
    }

    /** The median, the 95th and the 99th percentile of the calls that a side served. */
    static String percentiles(Histogram.Snapshot snapshot) {
        return snapshot.count() == 0
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.1f/%.1f/%.1f ms",
                        snapshot.millis(0.5),
                        snapshot.millis(0.95),
                        snapshot.millis(0.99));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
