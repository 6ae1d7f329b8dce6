package dev.changeover.shadowcompare;

/**
 * How many keys the next range should have, so that its snapshot is short: each range is to take a quarter of a second,
 * and one second where the rate is limited.
 */
final class RangeSize {
    private static final double TARGET_NANOS = 250e6;
    private static final int LEAST = 100;

    private final int fixed;
    private final int most;
    private double wanted = 1_000;

    RangeSize(int fixed, int most) {
        this.fixed = fixed;
        this.most = most;
    }

    /** Returns the size of the next range; a rate of 0 is no limit. */
    int next(long rate) {
        long size = fixed > 0 ? fixed : Math.round(wanted);
        return (int) (rate > 0 ? Math.min(size, Math.max(1, rate)) : size);
    }

    /** A range took this long; the next is at most three times as long or as short. */
    void took(int size, long nanos) {
        double fitting = size * TARGET_NANOS / Math.max(1, nanos);
        wanted = Math.min(most, Math.max(LEAST, Math.min(wanted * 3, Math.max(wanted / 3, fitting))));
    }
}
