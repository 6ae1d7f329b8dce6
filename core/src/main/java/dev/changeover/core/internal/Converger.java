package dev.changeover.core.internal;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.control.DeferredConstraints;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Brings the follower's state of keys to the authority's: the law of the copy for everybody who is not the writer
 * itself. A batch is one transaction. What is locked by somebody is skipped and comes back; what fails is halved until
 * the failing key stands alone, which then waits longer each time and is parked at last, while the others go on.
 */
final class Converger<K, V> {

    /** A background copy gives way soon: it holds the fence, and writers of its keys mark meanwhile. */
    private static final int LOCK_MILLIS = 100;

    private final Sides<?, K, V> sides;
    private final DataSource dataSource;
    private final ChangeoverListener listener;
    private final DeleteGuard<K, V> guard;
    private final Law<K, V> law;
    private final int parkAfter;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    Converger(
            Sides<?, K, V> sides,
            DataSource dataSource,
            ChangeoverListener listener,
            DeleteGuard<K, V> guard,
            int parkAfter) {
        this.sides = sides;
        this.dataSource = dataSource;
        this.listener = listener;
        this.guard = guard;
        this.law = new Law<>(sides);
        this.parkAfter = parkAfter;
    }

    /** What became of a batch. */
    record Outcome(int due, int copied, int busy, int failed) {
        static final Outcome NOTHING = new Outcome(0, 0, 0, 0);
    }

    /** Converges up to {@code limit} marked keys that are due. */
    Outcome convergeMarked(RepositoryState state, int limit) throws SQLException {
        Side follower = state.stage().follower();
        if (follower == null || sides.shared()) {
            return Outcome.NOTHING;
        }
        Set<String> skipped = Set.copyOf(busy);
        busy.clear();
        return SqlTransaction.readCommitted(dataSource, connection -> {
            CopyTransaction copy =
                    CopyTransaction.enter(connection, sides.number(), follower, state.epoch(), LOCK_MILLIS);
            List<String> due = Attempts.due(connection, sides.number(), limit, skipped);
            return due.isEmpty() ? Outcome.NOTHING : converge(connection, copy, follower, due);
        });
    }

    /**
     * Converges marked keys in the transaction of a move, which holds the fence and therefore meets no routed writer. A
     * row that a stranger holds, or a slow statement, ends it: the marks stay, and the count that follows refuses.
     */
    void convergeLast(Connection connection, RepositoryState state, int limit) throws SQLException {
        Side follower = state.stage().follower();
        if (follower == null || sides.shared()) {
            return;
        }
        CopyTransaction copy = CopyTransaction.insideMove(connection, sides.number(), follower);
        List<String> due = Attempts.all(connection, sides.number(), limit);
        List<String> locked = due.isEmpty() ? due : copy.tryLock(due);
        if (!locked.isEmpty()) {
            copyTogether(connection, copy, follower, locked);
        }
        copy.leaveMove();
    }

    /** In one piece: if a key fails the others need no copy, since the marks that are left refuse the move anyway. */
    private void copyTogether(Connection connection, CopyTransaction copy, Side follower, List<String> locked)
            throws SQLException {
        List<Long> marks = copy.marks(locked);
        List<K> keys = locked.stream().map(sides.keyType()::decode).toList();
        try {
            copy.inSavepoint(() -> copyKeys(connection, copy, follower, keys, false));
        } catch (SQLException | RuntimeException failure) {
            if (endsTheBatch(failure)) {
                throw failure;
            }
            return;
        }
        copy.clear(marks);
        Attempts.succeeded(connection, sides.number(), locked);
    }

    /** Converges keys whether they are marked or not, as a reseed does; what is busy or fails is marked. */
    Outcome convergeAll(Connection connection, CopyTransaction copy, Side follower, List<K> keys) throws SQLException {
        List<String> texts = sides.encode(keys);
        List<String> locked = copy.tryLock(texts);
        List<String> busy = new ArrayList<>(texts);
        busy.removeAll(Set.copyOf(locked));
        copy.mark(busy, follower.other(), "BUSY");
        int failed = copyLocked(connection, copy, follower, locked, true);
        return new Outcome(keys.size(), locked.size() - failed, busy.size(), failed);
    }

    private Outcome converge(Connection connection, CopyTransaction copy, Side follower, List<String> due)
            throws SQLException {
        List<String> locked = copy.tryLock(due);
        if (locked.isEmpty() && due.size() == 1) {
            busy.addAll(due); // if the wait is in vain it ends the batch, and the next one must not begin here again
            copy.lockOne(due.get(0), LOCK_MILLIS);
            busy.removeAll(due);
            locked = due;
        }
        due.stream().filter(Predicate.not(Set.copyOf(locked)::contains)).forEach(busy::add);
        int failed = copyLocked(connection, copy, follower, locked, false);
        return new Outcome(due.size(), locked.size() - failed, due.size() - locked.size(), failed);
    }

    private int copyLocked(
            Connection connection, CopyTransaction copy, Side follower, List<String> locked, boolean markFailed)
            throws SQLException {
        if (locked.isEmpty()) {
            return 0;
        }
        List<Long> marks = copy.marks(locked);
        List<K> keys = locked.stream().map(sides.keyType()::decode).toList();
        try {
            copyOrExchange(connection, copy, follower, keys);
            copy.clear(marks);
            Attempts.succeeded(connection, sides.number(), locked);
            return 0;
        } catch (SQLException | RuntimeException failure) {
            if (endsTheBatch(failure)) {
                throw failure;
            }
            if (locked.size() == 1) {
                if (markFailed) {
                    copy.mark(locked, follower.other(), "FAILED");
                }
                failedAlone(connection, locked.get(0), failure);
                return 1;
            }
            int half = locked.size() / 2;
            return copyLocked(connection, copy, follower, locked.subList(0, half), markFailed)
                    + copyLocked(connection, copy, follower, locked.subList(half, locked.size()), markFailed);
        }
    }

    /**
     * Keys that exchange a unique value conflict in any order, each with the row that the other still holds. Where a
     * removal sets nothing but what the upsert sets back, and sets off nothing, all of them step aside first.
     */
    private void copyOrExchange(Connection connection, CopyTransaction copy, Side follower, List<K> keys)
            throws SQLException {
        try {
            copy.inSavepoint(() -> copyKeys(connection, copy, follower, keys, false));
        } catch (SQLException | RuntimeException failure) {
            EntityStore<K, V> store = sides.store(follower);
            boolean exchanges = keys.size() > 1
                    && SqlStates.isUnique(failure)
                    && store.stepsAside()
                    && copy.bare(store.tables().get(0));
            if (!exchanges) {
                throw failure;
            }
            copy.inSavepoint(() -> copyKeys(connection, copy, follower, keys, true));
        }
    }

    /** The second and third step of the law, with the question in between whether so many removals can be meant. */
    private void copyKeys(Connection connection, CopyTransaction copy, Side follower, List<K> keys, boolean stepAside)
            throws SQLException {
        Map<K, V> states = sides.store(follower.other()).find(connection, keys);
        guard.check(connection, follower, keys.size(), keys.size() - states.size());
        if (stepAside) {
            sides.store(follower).remove(connection, states.keySet());
        }
        law.write(connection, follower, keys, states);
        copy.checkConstraints(
                DeferredConstraints.of(connection, sides.store(follower).tables()));
    }

    /** Lost connections and shutdowns say nothing of a key; neither does a batch that looks like a mistake. */
    private static boolean endsTheBatch(Exception failure) {
        if (failure instanceof SuspiciousRemovals) {
            return true;
        }
        String state = failure instanceof SQLException e ? e.getSQLState() : sqlState(failure.getCause());
        return state != null && (state.startsWith("08") || state.startsWith("57P") || state.equals("40P01"));
    }

    private static @Nullable String sqlState(@Nullable Throwable failure) {
        return failure instanceof SQLException e ? e.getSQLState() : null;
    }

    /** A row that somebody holds says nothing of the key: it comes back in the next round but one. */
    private void failedAlone(Connection connection, String key, Exception failure) throws SQLException {
        if ("55P03".equals(sqlState(failure))) {
            busy.add(key);
            return;
        }
        int attempts = Attempts.failed(connection, sides.number(), key, parkAfter, Redacted.message(failure));
        if (attempts < 0) {
            listener.parked(sides.name(), key, -attempts, failure);
        }
    }
}
