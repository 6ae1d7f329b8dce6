package dev.changeover.core;

import dev.changeover.core.backfill.Preflight;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Copies what the follower lacks. The keys are cut into ranges, on which the threads of any number of instances work at a
 * time: each instance that runs the same job helps with it. Any of them can be killed at any instant, the others take
 * its range over; whoever runs it again goes on where the last committed chunk of each range ended. Safe for use by
 * several threads.
 */
public interface Backfill {

    /**
     * Gives new a row for every key of legacy that it does not have, without touching rows that are there. Waits first
     * until no transaction is open that began before writes were routed. Returns when all ranges are done, those of other
     * instances included. The calling thread is one of the workers; the others begin where there is enough for them.
     *
     * @param progress told after every chunk, and now and then while it waits, by one worker at a time; what it throws
     *     ends the run
     * @return the last progress
     * @throws ChangeoverException if the stage does not write the follower, a repository on which this one depends is not
     *     backfilled, or a chunk cannot be copied
     */
    BackfillProgress run(Consumer<BackfillProgress> progress);

    /**
     * Brings a side that has missed writes back: converges every key of either side, removals included. Then the side
     * has to be verified, and {@link #accept} takes its stamp away.
     *
     * @param progress as in {@link #run}
     * @return the last progress
     */
    BackfillProgress reseed(Consumer<BackfillProgress> progress);

    /**
     * Looks for what a backfill would meet, before it begins and in any stage: rows that cannot be mapped or that new
     * refuses, duplicates of its unique values, missing grants and indexes, sequences that are behind. Every chunk is tried
     * in a transaction that is rolled back; rows and sequences stay as they are.
     *
     * @param mostKeys tries at most so many keys; {@link Long#MAX_VALUE} for all
     * @param progress told after every chunk how many keys were tried; what it throws ends the preflight
     */
    Preflight preflight(long mostKeys, LongConsumer progress);

    /** Looks for what a backfill would meet among all keys. */
    default Preflight preflight() {
        return preflight(Long.MAX_VALUE, walked -> {});
    }

    /**
     * Returns the same jobs with every chunk taken back instead of committed: they copy all that the real ones would and
     * cost as much, one worker alone, tell the same progress, and leave nothing behind.
     */
    Backfill dryRun();

    /**
     * Returns the same jobs with another number of workers in this instance than {@link Settings#workers}.
     *
     * @throws ConfigurationException if it is not 1 to 64
     */
    Backfill workers(int workers);

    /**
     * Returns the same jobs with another rest after each chunk than {@link Settings#niceRatio}; 0 where there is no
     * traffic that could mind.
     *
     * @throws ConfigurationException if it is not 0 to 100
     */
    Backfill niceRatio(double niceRatio);

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

    /**
     * Limits the rows per second of all workers together, from now on, in all instances, also of a job that runs.
     *
     * @param rowsPerSecond more than 0; {@link Double#MAX_VALUE} for no limit
     * @param actor who says so, for the history
     * @param reason why
     */
    void limit(double rowsPerSecond, String actor, String reason);

    /** Lets the jobs of this repository stop after their present chunks, in all instances, until {@link #resume}. */
    void pause(String actor, String reason);

    /** Lets the jobs of this repository go on. */
    void resume(String actor, String reason);

    /** Lets background copies of this repository remove any number of keys; says that this is meant. */
    void permitRemovals();
}
