package dev.changeover.core.gate;

import dev.changeover.core.measure.Latencies;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Calls of one side in one window of time: how many, how many failed, how long they took. Counts without allocating. */
final class LatencyWindow {

    private final LongAdder failed = new LongAdder();
    private final AtomicLongArray buckets = new AtomicLongArray(Latencies.BUCKETS);

    void count(long nanos, boolean failure) {
        buckets.incrementAndGet(Latencies.bucket(nanos));
        if (failure) {
            failed.increment();
        }
    }

    /** Returns what was counted so far. */
    Seen seen() {
        long[] counted = new long[Latencies.BUCKETS];
        Arrays.setAll(counted, buckets::get);
        Latencies latencies = Latencies.of(counted);
        return new Seen(latencies.calls(), failed.sum(), latencies.percentile(0.95));
    }

    /**
     * One window, at its end.
     *
     * @param calls how many calls
     * @param failures how many of them failed
     * @param p95 nanoseconds that 95 of 100 did not exceed, to a quarter
     */
    record Seen(long calls, long failures, long p95) {

        double failureRate() {
            return calls == 0 ? 0 : (double) failures / calls;
        }
    }
}
