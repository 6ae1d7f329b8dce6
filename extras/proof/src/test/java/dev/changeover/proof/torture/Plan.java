package dev.changeover.proof.torture;

import java.time.Duration;
import java.util.Random;

/**
 * What one round does; all of it comes from the seed of the round.
 *
 * @param seed of everything random in the round
 * @param instances of the application, each with a pool of its own
 * @param writers each owns a stripe of keys, beside the keys that all share
 * @param keys of each writer
 * @param preloaded whether legacy holds half of the keys before the first stage, so that a backfill has work
 * @param folded whether the server copies live writes of accounts by itself
 * @param rehearsed whether new's own methods are rehearsed
 * @param failEvery one of so many writes of a follower fails, none for 0
 * @param pauseEvery one of so many reads of a copy is followed by a pause, none for 0
 * @param pauseMillis the longest of these pauses
 * @param snapshots the share of units under REPEATABLE READ or SERIALIZABLE, in percent
 * @param bulk the share of calls that write many keys, in percent
 * @param killEvery about so many acknowledged writes lie between two kills of sessions, none for 0
 * @param crashes of the server in the round
 * @param moveMillis the longest pause between two moves
 * @param work how long the writers write
 */
record Plan(
        long seed,
        int instances,
        int writers,
        int keys,
        boolean preloaded,
        boolean folded,
        boolean rehearsed,
        int failEvery,
        int pauseEvery,
        int pauseMillis,
        int snapshots,
        int bulk,
        int killEvery,
        int crashes,
        int moveMillis,
        Duration work) {

    /** The kind of round that this seed means. */
    static Plan of(long seed, Duration work, boolean kills) {
        Random random = new Random(seed * 7_919);
        boolean few = random.nextInt(3) == 0;
        int instances = 1 + random.nextInt(3);
        return new Plan(
                seed,
                instances,
                14,
                few ? 1 + random.nextInt(2) : 140,
                random.nextInt(4) > 0,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextInt(3) == 0 ? 0 : 40 + random.nextInt(200),
                random.nextInt(2) == 0 ? 0 : 10 + random.nextInt(40),
                1 + random.nextInt(8),
                4 + random.nextInt(20),
                20 + random.nextInt(30),
                kills ? 900 : 0,
                kills && random.nextInt(3) == 0 ? 1 : 0,
                100 + random.nextInt(700),
                work);
    }

    /** Few keys, no failures, no kills and many pauses: the pressure under which a missing rule shows. */
    static Plan pressing(long seed, Duration work) {
        return new Plan(seed, 1, 8, 2, true, false, false, 40, 4, 4, 12, 10, 0, 0, 200, work);
    }

    boolean kills() {
        return killEvery > 0 || crashes > 0;
    }

    Plan withInstances(int value) {
        return new Plan(
                seed,
                value,
                writers,
                keys,
                preloaded,
                folded,
                rehearsed,
                failEvery,
                pauseEvery,
                pauseMillis,
                snapshots,
                bulk,
                killEvery,
                crashes,
                moveMillis,
                work);
    }

    Plan withKeys(int value) {
        return new Plan(
                seed,
                instances,
                writers,
                value,
                preloaded,
                folded,
                rehearsed,
                failEvery,
                pauseEvery,
                pauseMillis,
                snapshots,
                bulk,
                killEvery,
                crashes,
                moveMillis,
                work);
    }

    Plan withPauses(int every, int millis) {
        return new Plan(
                seed,
                instances,
                writers,
                keys,
                preloaded,
                folded,
                rehearsed,
                failEvery,
                every,
                millis,
                snapshots,
                bulk,
                killEvery,
                crashes,
                moveMillis,
                work);
    }

    Plan withFailures(int every) {
        return new Plan(
                seed,
                instances,
                writers,
                keys,
                preloaded,
                folded,
                rehearsed,
                every,
                pauseEvery,
                pauseMillis,
                snapshots,
                bulk,
                killEvery,
                crashes,
                moveMillis,
                work);
    }

    Plan withSnapshots(int percent) {
        return new Plan(
                seed,
                instances,
                writers,
                keys,
                preloaded,
                folded,
                rehearsed,
                failEvery,
                pauseEvery,
                pauseMillis,
                percent,
                bulk,
                killEvery,
                crashes,
                moveMillis,
                work);
    }

    Plan withRehearsals() {
        return new Plan(
                seed,
                instances,
                writers,
                keys,
                preloaded,
                folded,
                true,
                failEvery,
                pauseEvery,
                pauseMillis,
                snapshots,
                bulk,
                killEvery,
                crashes,
                moveMillis,
                work);
    }

    Plan withMoves(int millis) {
        return new Plan(
                seed,
                instances,
                writers,
                keys,
                preloaded,
                folded,
                rehearsed,
                failEvery,
                pauseEvery,
                pauseMillis,
                snapshots,
                bulk,
                killEvery,
                crashes,
                millis,
                work);
    }
}
