package dev.changeover.shadowcompare;

import java.time.Duration;

/**
 * How far a verification has come.
 *
 * @param keys keys looked at so far
 * @param estimated about how many there are
 * @param elapsed the time since the start
 */
public record VerificationProgress(long keys, long estimated, Duration elapsed) {

    /** Returns the keys per second so far. */
    public double rate() {
        return elapsed.isZero() ? 0 : keys * 1e9 / elapsed.toNanos();
    }
}
