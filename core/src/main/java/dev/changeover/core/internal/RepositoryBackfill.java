package dev.changeover.core.internal;

import dev.changeover.core.Backfill;
import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Settings;
import dev.changeover.core.Side;
import dev.changeover.core.backfill.HealthSignal;
import dev.changeover.core.backfill.Preflight;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.internal.KeyRanges.Totals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Backfill and reseed of one repository. */
final class RepositoryBackfill<K, V> implements Backfill {

    private static final String OLDER_TRANSACTIONS = """
            SELECT pg_snapshot_xmin(pg_current_snapshot()) <= r.moved_in
              FROM changeover.repository r WHERE r.number = ?""";

    private final Parts<K, V> parts;
    private final Sides<?, K, V> sides;
    private final boolean dry;

    /**
     * What it works with.
     *
     * @param instance the id of this instance
     */
    record Parts<K, V>(
            Sides<?, K, V> sides,
            DataSource dataSource,
            String instance,
            ChangeoverListener listener,
            Supplier<RepositoryState> state,
            Converger<K, V> converger,
            DeleteGuard<K, V> guard,
            Settings settings,
            List<HealthSignal> health) {

        Parts<K, V> with(ChangeoverListener other, Settings changed) {
            return new Parts<>(sides, dataSource, instance, other, state, converger, guard, changed, health);
        }
    }

    RepositoryBackfill(Parts<K, V> parts) {
        this(parts, false);
    }

    private RepositoryBackfill(Parts<K, V> parts, boolean dry) {
        this.parts = parts;
        this.sides = parts.sides();
        this.dry = dry;
    }

    @Override
    public Preflight preflight(long mostKeys, LongConsumer progress) {
        try {
            return new PreflightRun<>(sides, parts.dataSource(), mostKeys, progress).run();
        } catch (SQLException e) {
            throw new ChangeoverException(sides.name() + ": the preflight stopped (" + Redacted.message(e) + ")", e);
        }
    }

    /** Nobody is told what did not happen. */
    @Override
    public Backfill dryRun() {
        return new RepositoryBackfill<>(parts.with(ChangeoverListener.NONE, parts.settings()), true);
    }

    @Override
    public Backfill workers(int workers) {
        return with(parts.settings().withWorkers(workers));
    }

    @Override
    public Backfill niceRatio(double niceRatio) {
        return with(parts.settings().withNiceRatio(niceRatio));
    }

    private Backfill with(Settings settings) {
        return new RepositoryBackfill<>(parts.with(parts.listener(), settings), dry);
    }

    @Override
    public BackfillProgress run(Consumer<BackfillProgress> progress) {
        RepositoryState begun = parts.state().get();
        if (begun.stage().follower() != Side.NEW) {
            throw new ChangeoverException(sides.name() + ": a backfill needs a stage in which new follows, this is "
                    + begun.stage() + ". Move to DUAL_WRITE first");
        }
        if (begun.stale() == Side.NEW) {
            throw new ChangeoverException(sides.name() + ": new is stale, it may hold rows that are old or deleted,"
                    + " which a backfill leaves as they are. Reseed it");
        }
        requireParents();
        awaitOlderTransactions();
        MissingRows<K, V> missing = inTransaction(connection -> MissingRows.of(sides, connection));
        KeyCopy<K> copy = new MissingCopy<>(
                sides, missing, parts.listener(), parts.settings().parkAfter());
        BackfillProgress done = run(task("BACKFILL", Side.NEW, begun, copy), estimate(Side.LEGACY), progress);
        if (!dry) {
            settle(begun, "BACKFILLED", "changeover", "backfill of " + done.rows() + " rows finished", false);
        }
        return done;
    }

    @Override
    public BackfillProgress reseed(Consumer<BackfillProgress> progress) {
        RepositoryState begun = parts.state().get();
        Side follower = begun.stage().follower();
        if (follower == null || begun.stale() != follower) {
            throw new ChangeoverException(sides.name() + ": a reseed needs a stale side that is followed again; stage "
                    + begun.stage() + ", stale " + begun.stale());
        }
        awaitOlderTransactions();
        KeyCopy<K> copy = new ReseedCopy<>(sides, parts.converger(), follower);
        long total = Math.max(estimate(Side.LEGACY), estimate(Side.NEW));
        return run(task("RESEED", follower, begun, copy), total, progress);
    }

    private void requireParents() {
        List<String> parents = inTransaction(connection -> CopyOrder.unfilledParents(connection, sides.name()));
        if (!parents.isEmpty()) {
            throw new ChangeoverException(sides.name() + ": its rows refer to rows of " + String.join(", ", parents)
                    + ", which new does not hold yet, so it would refuse them. Backfill " + String.join(", ", parents)
                    + " first, or all in their order with Changeover.backfillAll");
        }
    }

    private CopyTask<K> task(String job, Side follower, RepositoryState begun, KeyCopy<K> copy) {
        return new CopyTask<>(
                sides.name(), sides.number(), job, follower, begun.epoch(), sides.keyType(), copy, parts.dataSource());
    }

    private BackfillProgress run(CopyTask<K> task, long total, Consumer<BackfillProgress> progress) {
        int locks = inTransaction(connection -> LockBudget.ofCopies(connection, parts.settings()));
        ProgressMeter meter =
                new ProgressMeter(sides.name(), task.job(), total, parts.listener(), progress, System::nanoTime);
        KeyRanges ranges =
                new KeyRanges(parts.dataSource(), sides.name(), sides.number(), task.job(), parts.instance(), (int)
                        Math.min(Integer.MAX_VALUE, parts.settings().lease().toMillis()));
        try {
            return dry ? dryRun(task, ranges, locks, meter) : run(task, ranges, locks, meter);
        } catch (SQLException e) {
            throw new ChangeoverException(
                    sides.name() + ": the " + task.jobName() + " stopped (" + Redacted.message(e)
                            + "); what was committed stays, run it again to go on",
                    e);
        }
    }

    private BackfillProgress run(CopyTask<K> task, KeyRanges ranges, int locks, ProgressMeter meter)
            throws SQLException {
        if (task.job().equals("RESEED")) {
            ranges.forgetFinished();
        }
        Statistics statistics = new Statistics(
                sides.name(),
                parts.dataSource(),
                parts.listener(),
                sides.store(task.follower()).tables());
        return new ChunkJob<>(
                        task,
                        ranges,
                        parts.settings(),
                        parts.settings().workers(),
                        locks,
                        statistics,
                        meter,
                        parts.listener(),
                        new HealthWatch(parts.dataSource(), parts.health(), tables(), System::nanoTime))
                .run();
    }

    private List<String> tables() {
        List<String> tables = new ArrayList<>(sides.legacyStore().tables());
        tables.addAll(sides.nextStore().tables());
        return tables;
    }

    /** A reseed that has finished begins anew, and so does what has never begun. */
    private BackfillProgress dryRun(CopyTask<K> task, KeyRanges ranges, int locks, ProgressMeter meter)
            throws SQLException {
        Totals before = ranges.totals();
        boolean finished = before.finished();
        boolean anew = finished && task.job().equals("RESEED");
        List<KeyRange> left = finished ? List.of() : ranges.left();
        boolean fresh = anew || (!finished && left.isEmpty());
        return new DryCopy<>(task, parts.settings(), locks, meter, fresh ? Totals.NOTHING : before)
                .run(fresh ? List.of(KeyRange.ALL) : left);
    }

    @Override
    public void accept(String actor, String evidence) {
        settle(parts.state().get(), "RESEEDED", actor, evidence, false);
    }

    @Override
    public void acceptUnverified(String actor, String reason) {
        settle(parts.state().get(), "RESEEDED", actor, reason, true);
    }

    @Override
    public void limit(double rowsPerSecond, String actor, String reason) {
        pace("LIMIT", rowsPerSecond, actor, reason);
    }

    @Override
    public void pause(String actor, String reason) {
        pace("PAUSE", 0, actor, reason);
    }

    @Override
    public void resume(String actor, String reason) {
        pace("RESUME", 0, actor, reason);
    }

    private void pace(String action, double rowsPerSecond, String actor, String reason) {
        inTransaction(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT changeover.pace_copies(?, ?, nullif(?, 0), ?, ?)")) {
                statement.setString(1, sides.name());
                statement.setString(2, action);
                statement.setDouble(3, rowsPerSecond == Double.MAX_VALUE ? 0 : rowsPerSecond);
                statement.setString(4, actor);
                statement.setString(5, reason);
                return statement.execute();
            }
        });
    }

    @Override
    public void permitRemovals() {
        parts.guard().permit();
    }

    /**
     * A transaction that began before writes were routed may still write legacy behind the job's back and commit after
     * the job has passed its key. pg_stat_activity hides other roles' transactions; a snapshot hides nobody's.
     */
    private void awaitOlderTransactions() {
        while (inTransaction(this::olderTransactions)) {
            Pauses.millis(20);
            if (Thread.currentThread().isInterrupted()) {
                throw new ChangeoverException(
                        sides.name() + ": interrupted while older transactions were open; nothing was copied");
            }
        }
    }

    private boolean olderTransactions(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OLDER_TRANSACTIONS)) {
            statement.setInt(1, sides.number());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private long estimate(Side side) {
        return inTransaction(connection -> sides.store(side).estimatedCount(connection));
    }

    private void settle(RepositoryState begun, String what, String actor, String reason, boolean unverified) {
        inTransaction(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT changeover.settle(?, ?, ?, ?, ?, ?)")) {
                statement.setInt(1, sides.number());
                statement.setLong(2, begun.epoch());
                statement.setString(3, what);
                statement.setString(4, actor);
                statement.setString(5, reason);
                statement.setBoolean(6, unverified);
                statement.execute();
            }
            if (dry) {
                connection.rollback();
            }
            return true;
        });
    }

    private <T> T inTransaction(SqlTransaction.Work<T> work) {
        try {
            return SqlTransaction.readCommitted(parts.dataSource(), work);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private ChangeoverException failure(SQLException e) {
        String code = String.valueOf(e.getSQLState());
        String message = sides.name() + ": " + e.getMessage();
        return code.startsWith("CO") ? new MoveRefusedException(code, message, e) : new ChangeoverException(message, e);
    }
}
