package dev.changeover.core;

import java.time.Duration;

/**
 * What an instance does in the background and how far it trusts its own clock.
 *
 * @param lease how long an instance may go on with a stage that it has seen, without asking again; a worker of a backfill
 *     or reseed that gives no sign of life for so long loses its range of keys to another
 * @param drainBatch how many marked keys one batch converges, at most 500
 * @param drainIdle how long the drain waits when there is nothing to do
 * @param parkAfter after how many failed attempts a key is parked for a person to look at
 * @param chunk how many keys one chunk of a backfill or reseed copies at most, up to 500; where the lock table of the
 *     server is small it is fewer, so that all workers of all instances stay within a quarter of it
 * @param chunkTime how long a chunk shall take: chunks grow and shrink towards it, between 50 keys and {@code chunk}
 * @param workers how many threads of this instance work on one backfill or reseed
 * @param niceRatio how long each of them rests after a chunk, as a multiple of the time that the chunk took, 0 to 100;
 *     what live traffic feels of a backfill is its share of processors and of the log's disk (the name and the meaning are
 *     those of gh-ost)
 * @param mostRemovals the share of a background batch that may be removals without asking, 0 to 1
 */
public record Settings(
        Duration lease,
        int drainBatch,
        Duration drainIdle,
        int parkAfter,
        int chunk,
        Duration chunkTime,
        int workers,
        double niceRatio,
        double mostRemovals) {

    /**
     * Lease 2 s; batches of 500; idle 200 ms; parked after 12 attempts; chunks of 150 ms and at most 500 keys; one worker
     * that rests as long as it works, so that callers hardly notice; half a batch of removals.
     */
    public static final Settings DEFAULTS = new Settings(
            Duration.ofSeconds(2), 500, Duration.ofMillis(200), 12, 500, Duration.ofMillis(150), 1, 1, 0.5);

    /** Checks the ranges. */
    public Settings {
        positive("lease", lease);
        positive("drainIdle", drainIdle);
        positive("chunkTime", chunkTime);
        range("drainBatch", drainBatch, 500);
        range("chunk", chunk, 500);
        range("workers", workers, 64);
        range("parkAfter", parkAfter, 1_000_000);
        if (!(niceRatio >= 0 && niceRatio <= 100)) {
            throw new ConfigurationException("settings.niceRatio", "out of range", "Give a number from 0 to 100");
        }
        if (!(mostRemovals >= 0 && mostRemovals <= 1)) {
            throw new ConfigurationException("settings.mostRemovals", "not a share", "Give a number from 0 to 1");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new ConfigurationException("settings." + name, "below 1 ms", "Give at least 1 ms");
        }
    }

    /** A transaction takes at most 500 key locks: they live in the server's lock table, which is of fixed size. */
    private static void range(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new ConfigurationException("settings." + name, "out of range", "Give a number from 1 to " + most);
        }
    }

    /** Returns the fewest keys to which a chunk shrinks. */
    public int leastChunk() {
        return Math.min(50, chunk);
    }

    /** Returns these settings with another lease. */
    public Settings withLease(Duration value) {
        return new Settings(
                value, drainBatch, drainIdle, parkAfter, chunk, chunkTime, workers, niceRatio, mostRemovals);
    }

    /** Returns these settings with other batches of the drain. */
    public Settings withDrainBatch(int value) {
        return new Settings(lease, value, drainIdle, parkAfter, chunk, chunkTime, workers, niceRatio, mostRemovals);
    }

    /** Returns these settings with another pause of the drain. */
    public Settings withDrainIdle(Duration value) {
        return new Settings(lease, drainBatch, value, parkAfter, chunk, chunkTime, workers, niceRatio, mostRemovals);
    }

    /** Returns these settings with another limit of attempts. */
    public Settings withParkAfter(int value) {
        return new Settings(lease, drainBatch, drainIdle, value, chunk, chunkTime, workers, niceRatio, mostRemovals);
    }

    /** Returns these settings with other most keys of a chunk. */
    public Settings withChunk(int value) {
        return new Settings(
                lease, drainBatch, drainIdle, parkAfter, value, chunkTime, workers, niceRatio, mostRemovals);
    }

    /** Returns these settings with another time that a chunk shall take. */
    public Settings withChunkTime(Duration value) {
        return new Settings(lease, drainBatch, drainIdle, parkAfter, chunk, value, workers, niceRatio, mostRemovals);
    }

    /** Returns these settings with another number of workers. */
    public Settings withWorkers(int value) {
        return new Settings(lease, drainBatch, drainIdle, parkAfter, chunk, chunkTime, value, niceRatio, mostRemovals);
    }

    /** Returns these settings with another rest after a chunk. */
    public Settings withNiceRatio(double value) {
        return new Settings(lease, drainBatch, drainIdle, parkAfter, chunk, chunkTime, workers, value, mostRemovals);
    }

    /** Returns these settings with another share of removals. */
    public Settings withMostRemovals(double value) {
        return new Settings(lease, drainBatch, drainIdle, parkAfter, chunk, chunkTime, workers, niceRatio, value);
    }
}
