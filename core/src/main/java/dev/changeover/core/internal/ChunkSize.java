package dev.changeover.core.internal;

import java.time.Duration;

/** How many keys the next chunk of one worker has, so that it takes about as long as it shall. */
final class ChunkSize {

    private static final int FIRST = 250;

    private final int least;
    private final long targetNanos;
    private double size;

    ChunkSize(int least, int most, Duration target) {
        this.least = least;
        this.size = Math.min(FIRST, most);
        this.targetNanos = target.toNanos();
    }

    /** Returns the number of keys, at most so many. */
    int next(int most) {
        return Math.max(1, (int) Math.min(size, most));
    }

    /** A full chunk took so long; the next one changes by no more than half or twice, since one says little. */
    void took(int keys, long nanos) {
        if (keys >= (int) size || nanos > targetNanos) {
            double factor = (double) targetNanos / Math.max(1, nanos);
            size = Math.min(500, Math.max(least, keys * Math.min(2, Math.max(0.5, factor))));
        }
    }
}
