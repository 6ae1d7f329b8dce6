package dev.changeover.shadowcompare;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What shadow reads may cost the callers of one repository: a share of the median time of their reads. Some hand-offs
 * are measured, from the moment at which the side has answered, the copy of the result included. Where their median is
 * above the share, only each second read is taken, then each fourth, until it is below half of the share again.
 */
final class Budget {
    private static final int MEASURED = 8;
    private static final int JUDGED = 32;
    private static final int FEWEST = 64;

    /** So many measurements are not judged: code that has not been compiled yet is slow. */
    private static final int WARM_UP = 256;

    /** Below this the clock itself is a good part of what is measured, and no caller notices. */
    private static final long UNNOTICED = 2_000;

    private final double share;
    private final RunningMedian reads = new RunningMedian();
    private final RunningMedian handOffs = new RunningMedian();
    private final AtomicInteger measurements = new AtomicInteger();
    private volatile int every = 1;

    Budget(double share) {
        this.share = share;
    }

    /** Tells whether a read may be taken now. */
    boolean admits() {
        int now = every;
        return now == 1 || ThreadLocalRandom.current().nextInt(now) == 0;
    }

    /** Tells whether the hand-off of this read is to be measured. */
    boolean measures() {
        return every > 1 || ThreadLocalRandom.current().nextInt(MEASURED) == 0;
    }

    void measured(long handOffNanos, long readNanos) {
        handOffs.add(handOffNanos);
        reads.add(readNanos);
        int count = measurements.incrementAndGet() & Integer.MAX_VALUE;
        if (count > WARM_UP && count % JUDGED == 0) {
            judge();
        }
    }

    private void judge() {
        long allowed = Math.max(UNNOTICED, (long) (reads.nanos() * share));
        long spent = handOffs.nanos();
        if (spent > allowed) {
            every = Math.min(FEWEST, every * 2);
        } else if (spent < allowed / 2) {
            every = Math.max(1, every / 2);
        }
    }

    ShadowCost cost(String repository, long workNanos) {
        return new ShadowCost(repository, reads.nanos(), handOffs.nanos(), 1.0 / every, workNanos);
    }
}
