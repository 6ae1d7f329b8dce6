package dev.changeover.core.gate;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Calls of one side in one window of time: how many, how many failed, how long they took. Counts without allocating. */
final class LatencyWindow {

    private static final int PER_DOUBLING = 4;

    private final LongAdder failed = new LongAdder();
    private final AtomicLongArray buckets = new AtomicLongArray(Long.SIZE * PER_DOUBLING);

    void count(long nanos, boolean failure) {
        buckets.incrementAndGet(bucket(Math.max(1, nanos)));
        if (failure) {
            failed.increment();
        }
    }

    /** Four buckets between a power of two and the next: the width of one is at most a quarter of its value. */
    private static int bucket(long nanos) {
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int quarter = exponent < 2 ? 0 : (int) (nanos >>> (exponent - 2)) & (PER_DOUBLING - 1);
        return exponent * PER_DOUBLING + quarter;
    }

    /** Returns what was counted so far. */
    Seen seen() {
        long calls = 0;
        for (int i = 0; i < buckets.length(); i++) {
            calls += buckets.get(i);
        }
        return new Seen(calls, failed.sum(), percentile(calls, 0.95));
    }

    private long percentile(long calls, double share) {
        long left = (long) Math.ceil(calls * share);
        for (int i = 0; i < buckets.length() && calls > 0; i++) {
            left -= buckets.get(i);
            if (left <= 0) {
                return value(i);
            }
        }
        return 0;
    }

    private static long value(int bucket) {
        int exponent = bucket / PER_DOUBLING;
        long base = 1L << exponent;
        return base + (base >> 2) * (bucket % PER_DOUBLING);
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
