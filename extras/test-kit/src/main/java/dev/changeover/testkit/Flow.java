package dev.changeover.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The faults of one direction of a proxy. */
final class Flow {
    private static final long NO_CUT = Long.MAX_VALUE;

    private Duration delay = Duration.ZERO;
    private boolean stalled;
    private long bytesToCut = NO_CUT;

    synchronized void delay(Duration delay) {
        this.delay = delay;
    }

    synchronized void stall() {
        stalled = true;
    }

    synchronized void resume() {
        stalled = false;
        notifyAll();
    }

    synchronized void cutAfter(long bytes) {
        bytesToCut = bytes;
    }

    synchronized void heal() {
        delay = Duration.ZERO;
        bytesToCut = NO_CUT;
        resume();
    }

    /** Waits as the faults demand and tells how many of these bytes may pass; fewer means: and then cut. */
    int pass(int length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(currentDelay().toNanos());
        return afterStall(length);
    }

    private synchronized Duration currentDelay() {
        return delay;
    }

    private synchronized int afterStall(int length) throws InterruptedException {
        while (stalled) {
            wait();
        }
        if (bytesToCut == NO_CUT) {
            return length;
        }
        if (bytesToCut < length) {
            int passing = (int) bytesToCut;
            bytesToCut = NO_CUT;
            return passing;
        }
        bytesToCut -= length;
        return length;
    }
}
