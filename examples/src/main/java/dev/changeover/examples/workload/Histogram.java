package dev.changeover.examples.workload;

import java.util.concurrent.atomic.AtomicLongArray;

/** Latencies in buckets that are at most an eighth wide; safe for many threads. */
public final class Histogram {

    private static final int STEPS = 8;
    private static final int BUCKETS = 64 * STEPS;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    /** Adds one measurement in nanoseconds. */
    public void record(long nanos) {
        counts.incrementAndGet(bucket(Math.max(1, nanos)));
    }

    /** Returns what was measured so far. */
    public Snapshot snapshot() {
        long[] copy = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.get(i);
        }
        return new Snapshot(copy);
    }

    private static int bucket(long nanos) {
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        long step = exponent < 3 ? 0 : (nanos >>> (exponent - 3)) & (STEPS - 1);
        return exponent * STEPS + (int) step;
    }

    private static double upperMillis(int bucket) {
        double base = Math.pow(2, bucket / STEPS);
        return base * (1 + (bucket % STEPS + 1) / (double) STEPS) / 1e6;
    }

    /** The measurements up to a moment. */
    public static final class Snapshot {

        private final long[] counts;

        private Snapshot(long[] counts) {
            this.counts = counts;
        }

        /** Returns what was measured since an earlier snapshot. */
        public Snapshot since(Snapshot earlier) {
            long[] difference = counts.clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= earlier.counts[i];
            }
            return new Snapshot(difference);
        }

        /** Returns how many measurements there are. */
        public long count() {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }

        /** Returns the upper end of the bucket below which this share lies, in milliseconds. */
        public double millis(double share) {
            long rank = (long) Math.ceil(count() * share);
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= rank && seen > 0) {
                    return upperMillis(i);
                }
            }
            return 0;
        }
    }
}
