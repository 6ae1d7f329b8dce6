package dev.changeover.core.control;

import dev.changeover.core.ConfigurationException;
import java.time.Duration;

/**
 * What the follower's part of one write may cost the caller.
 *
 * @param keyWait how long it polls for the key locks, milliseconds
 * @param lockTimeout how long one of its statements may wait for a lock, milliseconds; far below the server's
 *     {@code deadlock_timeout}, so that a deadlock through the follower costs the follower
 * @param statementTimeout how long one of its statements may take, and all of them together, milliseconds
 */
public record FollowerLimits(int keyWait, int lockTimeout, int statementTimeout) {

    /** 20 ms for locks, 500 ms in all. */
    public static final FollowerLimits DEFAULTS = new FollowerLimits(20, 20, 500);

    /** Checks that every limit is positive. */
    public FollowerLimits {
        if (keyWait < 1 || lockTimeout < 1 || statementTimeout < 1) {
            throw new ConfigurationException("followerLimits", "a limit below 1 ms", "Give every limit at least 1 ms");
        }
    }

    /** Divides the time among statements that are sent together, since the server bounds each of them alone. */
    FollowerLimits sharedBy(int statements) {
        return new FollowerLimits(keyWait, lockTimeout, Math.max(1, statementTimeout / Math.max(1, statements)));
    }

    /** Returns these limits, none of them longer than so many milliseconds. */
    public FollowerLimits within(int millis) {
        int most = Math.max(1, millis);
        return new FollowerLimits(
                Math.min(keyWait, most), Math.min(lockTimeout, most), Math.min(statementTimeout, most));
    }

    /** Returns these limits with more patience for the key locks, for a follower that must be written. */
    public FollowerLimits patient() {
        return new FollowerLimits(statementTimeout, lockTimeout, statementTimeout);
    }

    /** Creates limits from durations. */
    public static FollowerLimits of(Duration keyWait, Duration lockTimeout, Duration statementTimeout) {
        return new FollowerLimits(
                Math.toIntExact(keyWait.toMillis()),
                Math.toIntExact(lockTimeout.toMillis()),
                Math.toIntExact(statementTimeout.toMillis()));
    }
}
