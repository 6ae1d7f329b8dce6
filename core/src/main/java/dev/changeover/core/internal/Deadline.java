package dev.changeover.core.internal;

import dev.changeover.core.control.FollowerLimits;
import java.util.concurrent.TimeUnit;

/** Each statement of a follower's part has its own time limit on the server; this one bounds their sum. */
record Deadline(String repository, int millis, long at) {

    static Deadline of(String repository, FollowerLimits limits) {
        int millis = limits.statementTimeout();
        return new Deadline(repository, millis, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void check() {
        if (System.nanoTime() - at > 0) {
            throw new FollowerTooSlow(repository, millis);
        }
    }

    int left() {
        return (int) TimeUnit.NANOSECONDS.toMillis(at - System.nanoTime());
    }
}
