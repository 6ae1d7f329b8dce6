package dev.changeover.examples;

import java.time.Duration;

/** Waits for a condition, for so long and no longer. */
final class Waiting {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private Waiting() {}

    /** Something that becomes true. */
    interface Condition {
        boolean holds();
    }

    static void until(Condition condition, Duration patience, String failure) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(failure);
            }
            pass(PAUSE);
        }
    }

    /** Lets time pass while the traffic runs. */
    static void pass(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
