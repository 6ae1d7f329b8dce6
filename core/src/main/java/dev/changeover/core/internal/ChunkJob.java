package dev.changeover.core.internal;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Settings;
import dev.changeover.core.backfill.Health;
import dev.changeover.core.backfill.Health.Verdict;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.internal.KeyRanges.Totals;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job over all keys of a repository: a chunk a transaction, with the progress of its range in the transaction
 * of the chunk, so that every key is handled and counted once, whoever dies.
 */
final class ChunkJob<K> {

    private static final long PAUSED_MILLIS = 200;

    /** How long a worker rests at least while a signal wants it slow, as a multiple of what the chunk took. */
    private static final double SLOW_RATIO = 3;

    private final CopyTask<K> task;
    private final KeyRanges ranges;
    private final Settings settings;
    private final int locks;
    private final Statistics statistics;
    private final ProgressMeter meter;
    private final ChangeoverListener listener;
    private final HealthWatch health;
    private final Crew crew;

    /**
     * @param workers how many threads of this instance, the caller's included
     * @param locks how many keys all workers may lock together
     */
    ChunkJob(
            CopyTask<K> task,
            KeyRanges ranges,
            Settings settings,
            int workers,
            int locks,
            Statistics statistics,
            ProgressMeter meter,
            ChangeoverListener listener,
            HealthWatch health) {
        this.task = task;
        this.ranges = ranges;
        this.settings = settings;
        this.locks = locks;
        this.statistics = statistics;
        this.meter = meter;
        this.listener = listener;
        this.health = health;
        this.crew = new Crew(task.jobName() + "-" + task.name(), workers, this::work);
    }

    CopyTask<K> task() {
        return task;
    }

    KeyRanges ranges() {
        return ranges;
    }

    ChangeoverListener listener() {
        return listener;
    }

    /** Runs until all ranges are done or this thread is interrupted; the next run goes on where this one ended. */
    BackfillProgress run() throws SQLException {
        ranges.begin(task.epoch());
        crew.run();
        BackfillProgress told = meter.told();
        if (told == null || !told.finished()) {
            throw interrupted();
        }
        return told;
    }

    private void work() {
        try {
            new CopyWorker<>(this).run();
        } catch (SQLException e) {
            throw new ChangeoverException(
                    task.name() + ": the " + task.jobName() + " stopped (" + Redacted.message(e)
                            + "); what was committed stays, run it again to go on",
                    e);
        }
    }

    boolean over() {
        return crew.over();
    }

    void callOthers() {
        crew.call();
    }

    ChunkSize newSize() {
        return new ChunkSize(settings.leastChunk(), mostOfAChunk(), settings.chunkTime());
    }

    int mostOfAChunk() {
        return settings.chunk();
    }

    /** A share of the locks, and no more than what a limited rate lets through in a part of a lease. */
    int mostKeys(Totals totals) {
        int workers = Math.max(1, totals.workers());
        double most = Math.min(settings.chunk(), (double) locks / workers);
        double paced = totals.rowsPerSecond() / workers * ranges.leaseMillis() / 4000;
        return (int) Math.max(1, Math.min(most, paced));
    }

    /** A chunk was committed. */
    void told(Totals totals) {
        statistics.handled(totals.rows(), totals.finished());
        Health now = health.now();
        tell(totals, !totals.finished() && now.verdict() == Verdict.SLOW ? "slowed down: " + now.reason() : null);
    }

    void tell(Totals totals, @Nullable String held) {
        meter.tell(totals, held);
    }

    /** Waits while the job is paused, by people or by a signal; holds no range meanwhile. */
    Totals awaitPace(Totals seen) throws SQLException {
        Totals totals = seen;
        for (String why = paused(totals); why != null && !totals.finished() && !over(); why = paused(totals)) {
            tell(totals, why);
            requireUninterrupted();
            Pauses.millis(PAUSED_MILLIS);
            totals = task.retrying(ranges::totals);
        }
        return totals;
    }

    private @Nullable String paused(Totals totals) {
        if (totals.paused() != null) {
            return "paused by " + totals.paused();
        }
        Health now = health.now();
        return now.verdict() == Verdict.PAUSE ? "paused: " + now.reason() : null;
    }

    /**
     * Waits after a chunk as long as a limited rate, the nice ratio or a signal wants it, keeping the range. Returns false
     * if the range is to be left because the job is paused.
     */
    boolean keepPace(KeyRange range, Totals after, int rows, long start) throws SQLException {
        Totals totals = after;
        double least = (System.nanoTime() - start) / 1e6 * (1 + restRatio());
        long left = left(totals, rows, start, least);
        while (left > 0 && paused(totals) == null && !over()) {
            requireUninterrupted();
            Pauses.millis(Math.min(left, ranges.leaseMillis() / 3));
            left = left(totals, rows, start, least);
            if (left > 0) {
                totals = task.retrying(() -> {
                    ranges.renew(range);
                    return ranges.totals();
                });
                tell(totals, null);
            }
        }
        requireUninterrupted();
        return paused(totals) == null;
    }

    private double restRatio() {
        double nice = settings.niceRatio();
        return health.now().verdict() == Verdict.SLOW ? Math.max(nice, SLOW_RATIO) : nice;
    }

    private static long left(Totals totals, int rows, long start, double leastMillis) {
        double due = Math.max(leastMillis, rows * 1e3 * Math.max(1, totals.workers()) / totals.rowsPerSecond());
        return (long) Math.ceil(due - (System.nanoTime() - start) / 1e6);
    }

    void requireUninterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
    }

    private ChangeoverException interrupted() {
        return new ChangeoverException(task.name() + ": the job was interrupted; run it again to go on");
    }
}
