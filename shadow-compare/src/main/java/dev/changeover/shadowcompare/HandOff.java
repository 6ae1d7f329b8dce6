package dev.changeover.shadowcompare;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Brings divergences from a caller's thread to a log that may block; what has no room or is not stored is counted. */
final class HandOff {
    private static final int WAITING = 1_000;
    private static final long IDLE_SECONDS = 10;

    private final DivergenceLog log;
    private final SparseWarnings warnings = new SparseWarnings(LoggerFactory.getLogger(HandOff.class));
    private final LongAdder lost = new LongAdder();
    private final ThreadPoolExecutor reporter;

    HandOff(DivergenceLog log, String thread) {
        this.log = log;
        this.reporter = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> thread(work, thread));
        reporter.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Takes what is made later, on the thread of this object. */
    void offer(Supplier<List<Divergence>> divergences) {
        try {
            Map<String, String> context = MDC.getCopyOfContextMap();
            reporter.execute(() -> store(divergences, context));
        } catch (RejectedExecutionException full) {
            lost.increment();
        }
    }

    /** In the logging context of the caller, whose request a line about the divergence belongs to. */
    private void store(Supplier<List<Divergence>> divergences, @Nullable Map<String, String> context) {
        if (context != null) {
            MDC.setContextMap(context);
        }
        try {
            log.add(divergences.get());
        } catch (Throwable e) {
            lost.increment();
            warnings.warn("a divergence could not be stored", e);
        } finally {
            MDC.clear();
        }
    }

    long lost() {
        return lost.sum();
    }

    /** Ends the thread; what still waits is lost, and counted. */
    void close() {
        lost.add(reporter.shutdownNow().size());
    }
}
