package dev.changeover.examples.workload;

import java.util.concurrent.locks.LockSupport;

/** Keeps a thread at a rate. What was lost in a stall is caught up for half a second and then forgotten. */
final class Pace {

    private static final long CATCH_UP_NANOS = 500_000_000;

    private final long nanosEach;
    private long next = System.nanoTime();

    Pace(double perSecond) {
        this.nanosEach = (long) (1e9 / perSecond);
    }

    /** Waits as long as {@code done} things may take. */
    void after(int done) {
        long now = System.nanoTime();
        next = Math.max(next + done * nanosEach, now - CATCH_UP_NANOS);
        while (now < next && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(next - now);
            now = System.nanoTime();
        }
    }
}
