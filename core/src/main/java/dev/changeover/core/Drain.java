package dev.changeover.core;

import java.time.Duration;
import java.util.Collection;

/** Converges marked keys in the background; what callers and tests may ask of it. */
public interface Drain {

    /**
     * Makes keys that failed, parked ones included, due at once.
     *
     * @return how many
     */
    long retryParked(String repository);

    /**
     * Makes those of these keys that failed due at once.
     *
     * @param keys the keys as text
     * @return how many
     */
    long retryParked(String repository, Collection<String> keys);

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
