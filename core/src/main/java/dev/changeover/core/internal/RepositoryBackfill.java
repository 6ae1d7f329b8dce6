package dev.changeover.core.internal;

import dev.changeover.core.Backfill;
import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Backfill and reseed of one repository. */
final class RepositoryBackfill<K, V> implements Backfill {

    private static final String OLDER_TRANSACTIONS = """
            SELECT pg_snapshot_xmin(pg_current_snapshot()) <= r.moved_in
              FROM changeover.repository r WHERE r.number = ?""";

    private final Sides<?, K, V> sides;
    private final DataSource dataSource;
    private final ChangeoverListener listener;
    private final Supplier<RepositoryState> state;
    private final Converger<K, V> converger;
    private final DeleteGuard<K, V> guard;
    private final int parkAfter;
    private final int chunk;
    private final boolean dry;
    private volatile double rowsPerSecond = Double.MAX_VALUE;

    RepositoryBackfill(
            Sides<?, K, V> sides,
            DataSource dataSource,
            ChangeoverListener listener,
            Supplier<RepositoryState> state,
            Converger<K, V> converger,
            DeleteGuard<K, V> guard,
            int parkAfter,
            int chunk) {
        this(sides, dataSource, listener, state, converger, guard, parkAfter, chunk, false);
    }

    private RepositoryBackfill(
            Sides<?, K, V> sides,
            DataSource dataSource,
            ChangeoverListener listener,
            Supplier<RepositoryState> state,
            Converger<K, V> converger,
            DeleteGuard<K, V> guard,
            int parkAfter,
            int chunk,
            boolean dry) {
        this.sides = sides;
        this.dataSource = dataSource;
        this.listener = listener;
        this.state = state;
        this.converger = converger;
        this.guard = guard;
        this.parkAfter = parkAfter;
        this.chunk = chunk;
        this.dry = dry;
    }

    /** Nobody is told what did not happen. */
    @Override
    public Backfill dryRun() {
        RepositoryBackfill<K, V> same = new RepositoryBackfill<>(
                sides, dataSource, ChangeoverListener.NONE, state, converger, guard, parkAfter, chunk, true);
        same.limit(rowsPerSecond);
        return same;
    }

    @Override
    public BackfillProgress run(Consumer<BackfillProgress> progress) {
        RepositoryState begun = state.get();
        if (begun.stage().follower() != Side.NEW) {
            throw new ChangeoverException(sides.name() + ": a backfill needs a stage in which new follows, this is "
                    + begun.stage() + ". Move to DUAL_WRITE first");
        }
        if (begun.stale() == Side.NEW) {
            throw new ChangeoverException(sides.name() + ": new is stale, it may hold rows that are old or deleted,"
                    + " which a backfill leaves as they are. Reseed it");
        }
        awaitOlderTransactions();
        MissingRows<K, V> missing = inTransaction(connection -> MissingRows.of(sides, connection));
        BackfillProgress done = job("BACKFILL", Side.NEW)
                .run(
                        Side.NEW,
                        estimate(Side.LEGACY),
                        (connection, copy, from) -> backfillChunk(connection, copy, from, missing),
                        progress);
        if (!dry) {
            settle(begun, "BACKFILLED", "changeover", "backfill of " + done.rows() + " rows finished", false);
        }
        return done;
    }

    @Override
    public BackfillProgress reseed(Consumer<BackfillProgress> progress) {
        RepositoryState begun = state.get();
        Side follower = begun.stage().follower();
        if (follower == null || begun.stale() != follower) {
            throw new ChangeoverException(sides.name() + ": a reseed needs a stale side that is followed again; stage "
                    + begun.stage() + ", stale " + begun.stale());
        }
        awaitOlderTransactions();
        if (!dry) {
            forget("RESEED", begun);
        }
        long total = Math.max(estimate(Side.LEGACY), estimate(Side.NEW));
        return job("RESEED", follower)
                .run(
                        follower,
                        total,
                        (connection, copy, from) -> reseedChunk(connection, copy, from, follower),
                        progress);
    }

    @Override
    public void accept(String actor, String evidence) {
        settle(state.get(), "RESEEDED", actor, evidence, false);
    }

    @Override
    public void acceptUnverified(String actor, String reason) {
        settle(state.get(), "RESEEDED", actor, reason, true);
    }

    @Override
    public void limit(double rowsPerSecond) {
        this.rowsPerSecond = rowsPerSecond;
    }

    @Override
    public void permitRemovals() {
        guard.permit();
    }

    private ChunkJob job(String job, Side follower) {
        Statistics statistics = new Statistics(
                sides.name(), dataSource, listener, sides.store(follower).tables());
        return new ChunkJob(sides.name(), job, dataSource, listener, state, () -> rowsPerSecond, statistics, dry);
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

    private Checkpoint backfillChunk(
            Connection connection, CopyTransaction copy, Checkpoint from, MissingRows<K, V> missing)
            throws SQLException {
        List<K> keys = sides.legacyStore().keysAfter(connection, decode(from), chunk);
        if (keys.isEmpty()) {
            return from.complete();
        }
        List<String> texts = sides.encode(keys);
        List<String> locked = copy.tryLock(texts);
        List<String> busy = new ArrayList<>(texts);
        busy.removeAll(new HashSet<>(locked));
        copy.mark(busy, Side.LEGACY, "BUSY");
        int parked = insertMissing(connection, copy, locked, missing);
        return from.advanced(texts.get(texts.size() - 1), texts.size(), busy.size(), parked);
    }

    private int insertMissing(
            Connection connection, CopyTransaction copy, List<String> locked, MissingRows<K, V> missing)
            throws SQLException {
        if (locked.isEmpty()) {
            return 0;
        }
        try {
            copy.inSavepoint(() -> missing.insert(connection, copy, locked));
            return 0;
        } catch (SQLException | RuntimeException failure) {
            return isolate(connection, copy, locked, missing, failure);
        }
    }

    /** A row that cannot be copied must stop neither its chunk nor disappear: halve, until it stands alone. */
    private int isolate(
            Connection connection,
            CopyTransaction copy,
            List<String> locked,
            MissingRows<K, V> missing,
            Exception failure)
            throws SQLException {
        if (failure instanceof SQLException e && !dataError(e)) {
            throw e;
        }
        if (locked.size() > 1) {
            int half = locked.size() / 2;
            return insertMissing(connection, copy, locked.subList(0, half), missing)
                    + insertMissing(connection, copy, locked.subList(half, locked.size()), missing);
        }
        copy.mark(locked, Side.LEGACY, "POISON");
        Attempts.failed(connection, sides.number(), locked.get(0), parkAfter, Redacted.message(failure));
        listener.parked(sides.name(), locked.get(0), 1, failure);
        return 1;
    }

    private static boolean dataError(SQLException e) {
        String code = String.valueOf(e.getSQLState());
        return code.startsWith("22") || code.startsWith("23");
    }

    /** The next keys of the union of both sides. */
    private Checkpoint reseedChunk(Connection connection, CopyTransaction copy, Checkpoint from, Side follower)
            throws SQLException {
        List<K> keys = nextOfBoth(connection, from);
        if (keys.isEmpty()) {
            return from.complete();
        }
        Converger.Outcome outcome = converger.convergeAll(connection, copy, follower, keys);
        String last = sides.keyType().encode(keys.get(keys.size() - 1));
        return from.advanced(last, keys.size(), outcome.busy(), outcome.failed());
    }

    private List<K> nextOfBoth(Connection connection, Checkpoint from) throws SQLException {
        Set<K> union = new HashSet<>(sides.legacyStore().keysAfter(connection, decode(from), chunk));
        union.addAll(sides.nextStore().keysAfter(connection, decode(from), chunk));
        Comparator<K> order = sides.keyType().order();
        return union.stream().sorted(order).limit(chunk).toList();
    }

    private @org.jspecify.annotations.Nullable K decode(Checkpoint from) {
        String last = from.lastKey();
        return last == null ? null : sides.keyType().decode(last);
    }

    private void forget(String job, RepositoryState begun) {
        inTransaction(connection -> {
            Checkpoint at = Checkpoint.lock(connection, sides.number(), job, begun.epoch());
            if (at.finished()) {
                Checkpoint.forget(connection, sides.number(), job);
            }
            return at;
        });
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
            return SqlTransaction.readCommitted(dataSource, work);
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
