package dev.changeover.core;

import java.time.Duration;

/** Converges marked keys in the background; what callers and tests may ask of it. */
public interface Drain {

    /** Makes keys that failed, parked ones included, due at once. */
    void retryParked(String repository);

    /**
     * Converges until no marked key of the repository is due, on the calling thread.
     *
     * @return the number of marks that are left: parked, waiting for their next try, or written meanwhile
     */
    long drainNow(String repository);

    /** Waits until no mark of the repository is left, at most so long; returns whether none is left. */
    boolean awaitEmpty(String repository, Duration atMost);

    /** Stops converging until {@link #resume()}; marks stay. */
    void pause();

    /** Goes on. */
    void resume();
}
