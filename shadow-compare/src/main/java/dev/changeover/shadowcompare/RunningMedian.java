package dev.changeover.shadowcompare;

/**
 * The median of a stream of times, to a few percent, in one field: each value moves it a small step towards itself, so
 * that it rests where as many are above as below. Two threads that write at once lose one step, which does not matter,
 * and nobody waits. A single outlier moves it no further than any other value does.
 */
final class RunningMedian {
    private static final int STEP = 5;
    private static final int FAR = 4;

    private volatile long median;

    void add(long nanos) {
        long now = median;
        long step = Math.max(1, now >> STEP);
        if (now == 0) {
            median = Math.max(1, nanos);
        } else if (nanos > now) {
            median = Math.min(nanos, now + step);
        } else if (nanos < now) {
            // what is that far off is the first value, of a cold machine, rather than this one
            median = nanos < now >> FAR ? now - (now >> 2) : Math.max(nanos, now - step);
        }
    }

    /** Returns the median, or 0 if there is none yet. */
    long nanos() {
        return median;
    }
}
