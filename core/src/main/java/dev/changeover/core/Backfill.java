package dev.changeover.core;

import java.util.function.Consumer;

/**
 * Copies what the follower lacks. Both jobs can be killed at any instant and run again; they go on where the last
 * committed chunk ended.
 */
public interface Backfill {

    /**
     * Gives new a row for every key of legacy that it does not have, without touching rows that are there. Waits first
     * until no transaction is open that began before writes were routed. Runs on the calling thread.
     *
     * @param progress told after every chunk
     * @return the last progress
     * @throws ChangeoverException if the stage does not write the follower, or a chunk cannot be copied
     */
    BackfillProgress run(Consumer<BackfillProgress> progress);

    /**
     * Brings a side that has missed writes back: converges every key of either side, removals included. Then the side
     * has to be verified, and {@link #accept} takes its stamp away.
     *
     * @param progress told after every chunk
     * @return the last progress
     */
    BackfillProgress reseed(Consumer<BackfillProgress> progress);

    /**
     * Returns the same jobs with every chunk taken back instead of committed: they copy all that the real ones would and
     * cost as much, tell the same progress, and leave nothing behind.
     */
    Backfill dryRun();

    /**
     * Takes the stamp of a reseeded side away. The last verification that began after the reseed has to say MATCH.
     *
     * @param actor who says so
     * @param evidence what shows that the sides are equal
     * @throws MoveRefusedException with code {@code CO011} if the side was not reseeded to its end, or not verified since,
     *     or differs; with code {@code CO002} if the repository was moved meanwhile
     */
    void accept(String actor, String evidence);

    /**
     * Does what {@link #accept} does without a verification; the history says so.
     *
     * @param actor who answers for it
     * @param reason why no verification is needed
     * @throws MoveRefusedException with code {@code CO011} if the side was not reseeded to its end
     */
    void acceptUnverified(String actor, String reason);

    /** Limits the rows per second from now on, also of a job that runs; {@link Double#MAX_VALUE} for no limit. */
    void limit(double rowsPerSecond);

    /** Lets background copies of this repository remove any number of keys; says that this is meant. */
    void permitRemovals();
}
