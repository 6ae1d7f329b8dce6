package dev.changeover.shadowcompare.report;

/**
 * Latencies as {@code changeover.call} keeps them: bucket 0 is below 2^14 ns, then there are four to a doubling. Within a
 * bucket a percentile is taken in proportion, so that it is off by a fifth at most.
 */
final class Buckets {
    private static final int FIRST = 14;
    private static final int PER_DOUBLING = 4;
    private static final double NANOS = 1e6;

    private Buckets() {}

    /** Returns the milliseconds that this share of the calls did not exceed, or 0 if there were none. */
    static double millis(long[] buckets, double share) {
        long all = 0;
        for (long each : buckets) {
            all += Math.max(0, each);
        }
        double left = all * share;
        for (int i = 0; i < buckets.length && all > 0; i++) {
            if (buckets[i] > 0 && left <= buckets[i]) {
                return (lower(i) + (lower(i + 1) - lower(i)) * left / buckets[i]) / NANOS;
            }
            left -= Math.max(0, buckets[i]);
        }
        return 0;
    }

    /** Returns the nanoseconds at which a bucket begins. */
    static double lower(int bucket) {
        if (bucket == 0) {
            return 0;
        }
        int exponent = FIRST + (bucket - 1) / PER_DOUBLING;
        return Math.scalb(1 + (bucket - 1) % PER_DOUBLING / (double) PER_DOUBLING, exponent);
    }
}
