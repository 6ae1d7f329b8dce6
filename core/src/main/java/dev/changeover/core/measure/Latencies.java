package dev.changeover.core.measure;

import java.util.Arrays;

/**
 * How many calls took how long, on a scale of 88 buckets: the first below 2^14 ns (16 us), the last from about a minute
 * on, and four between a power of two and the next, so that the width of a bucket is at most a quarter of its value.
 * Immutable.
 */
public final class Latencies {

    /** How many buckets there are. */
    public static final int BUCKETS = 88;

    private static final int PER_DOUBLING = 4;
    private static final int FIRST_EXPONENT = 14;

    private final long[] buckets;

    private Latencies(long[] buckets) {
        this.buckets = buckets;
    }

    /** Returns the latencies that were counted in these buckets; those that are left out at the end are empty. */
    public static Latencies of(long[] counted) {
        return new Latencies(Arrays.copyOf(counted, BUCKETS));
    }

    /** Returns the bucket of a latency. */
    public static int bucket(long nanos) {
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos | 1);
        if (nanos <= 0 || exponent < FIRST_EXPONENT) {
            return 0;
        }
        int quarter = (int) (nanos >>> (exponent - 2)) & (PER_DOUBLING - 1);
        return Math.min(BUCKETS - 1, 1 + (exponent - FIRST_EXPONENT) * PER_DOUBLING + quarter);
    }

    /** Returns the least latency, in nanoseconds, that is in this bucket. */
    public static long floor(int bucket) {
        if (bucket == 0) {
            return 0;
        }
        long base = 1L << (FIRST_EXPONENT + (bucket - 1) / PER_DOUBLING);
        return base + (base >> 2) * ((bucket - 1) % PER_DOUBLING);
    }

    /** Returns how many calls there were. */
    public long calls() {
        return Arrays.stream(buckets).sum();
    }

    /** Returns the least latency, in nanoseconds, of the bucket in which this share of the calls ends; 0 if there are none. */
    public long percentile(double share) {
        long left = (long) Math.ceil(calls() * share);
        for (int i = 0; i < BUCKETS && left > 0; i++) {
            left -= buckets[i];
            if (left <= 0) {
                return floor(i);
            }
        }
        return 0;
    }

    /** Returns the buckets, as a copy. */
    public long[] buckets() {
        return buckets.clone();
    }

    Latencies minus(Latencies earlier) {
        long[] difference = buckets();
        for (int i = 0; i < BUCKETS; i++) {
            difference[i] -= earlier.buckets[i];
        }
        return new Latencies(difference);
    }
}
