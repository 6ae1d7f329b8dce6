package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.FoldedFind;
import dev.changeover.core.FollowerMode;
import dev.changeover.core.MarkFailedException;
import dev.changeover.core.Policy;
import dev.changeover.core.Side;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.FoldedCopy;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.spi.UnitOfWork;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The follower's part of a routed write, in the transaction of the caller and after the authority's method: savepoint
 * and limits, key lock, state read, copy, deferred constraints, savepoint released. Whatever is thrown in here leads
 * back to the savepoint and to a mark; only if the mark cannot be written either does the call fail, and then the
 * transaction must not commit.
 *
 * <p>Nothing is copied under REPEATABLE READ and SERIALIZABLE: the snapshot may be older than a follower row that was
 * just copied, and a conflict on follower rows would fail the caller's commit. Such writes are marked.
 */
final class FollowerPart<R, K, V> {

    /** Beyond some fifty subtransactions every other backend pays for each snapshot. */
    static final int MOST_PARTS = 50;

    static final int MOST_KEYS = 500;

    private final Sides<R, K, V> sides;
    private final Control control;
    private final ChangeoverListener listener;
    private final CircuitBreaker breaker;
    private final Runnable wakeDrain;
    private final Law<K, V> law;
    private final WriteCheck<R, K, V> check;
    private final Rehearsal<R, K, V> rehearsal;
    private final ParentCopies parents;
    private final OwnMarks ownMarks;
    private volatile @Nullable Plan plan;

    /** How the follower is written in one epoch; looked up in the catalog when the epoch begins to be used. */
    private record Plan(
            long epoch, List<String> deferred, @Nullable FoldedCopy folded) {}

    FollowerPart(
            Sides<R, K, V> sides, Services services, CircuitBreaker breaker, ParentCopies parents, OwnMarks ownMarks) {
        this.ownMarks = ownMarks;
        this.sides = sides;
        this.control = services.control();
        this.listener = services.listener();
        this.breaker = breaker;
        this.wakeDrain = services.wakeDrain();
        this.law = new Law<>(sides);
        this.rehearsal = new Rehearsal<>(sides, control, listener);
        this.check = new WriteCheck<>(sides, control, services.writes());
        this.parents = parents;
    }

    /**
     * One write that the follower has to follow.
     *
     * @param reserved whether the key locks were taken before the authority's method, as a rehearsal needs
     */
    record Followed<R, K>(
            UnitOfWork unit,
            Connection connection,
            Entry entry,
            Operation operation,
            List<K> keys,
            List<String> keyTexts,
            boolean reserved,
            Supplier<@Nullable Call<R, ?>> again) {

        Side authority() {
            return entry.authority();
        }

        /** The same write with keys that it did not declare. */
        Followed<R, K> and(List<K> moreKeys, List<String> moreTexts) {
            List<K> allKeys = new ArrayList<>(keys);
            allKeys.addAll(moreKeys);
            List<String> allTexts = new ArrayList<>(keyTexts);
            allTexts.addAll(moreTexts);
            return new Followed<>(unit, connection, entry, operation, allKeys, allTexts, false, again);
        }
    }

    /**
     * Takes the key locks of a write that is rehearsed before the authority's method runs. Between the two another writer
     * could write the key and copy it; then the authority has a state that the authority's method did not meet, and new
     * would be accused of what it did with it.
     */
    boolean reserve(Connection connection, Entry entry, Operation operation, List<K> declared) {
        if (!entry.readCommitted()
                || !isRehearsed(operation, entry.authority(), declared)
                || declared.size() > MOST_KEYS) {
            return false;
        }
        try {
            return declared.isEmpty() || control.reserve(connection, sides.number(), sides.encode(declared));
        } catch (SQLException e) {
            return false; // the connection is lost, as the authority's method will find
        }
    }

    void follow(Followed<R, K> write) {
        UnitLedger ledger = UnitLedger.of(write.unit());
        if (sides.policy() == Policy.ATOMIC) {
            followOrFail(write);
            return;
        }
        String reason = reasonToMark(write, ledger);
        if (reason != null) {
            mark(write, ledger, reason);
        } else {
            followOrMark(write, ledger);
        }
    }

    private @Nullable String reasonToMark(Followed<R, K> write, UnitLedger ledger) {
        if (!write.entry().readCommitted()) {
            return "ISOLATION";
        }
        if (ledger.countKeys(write.keys().size()) > MOST_KEYS) {
            return "MANY_KEYS";
        }
        if (ledger.countFollowerPart() > MOST_PARTS) {
            return "MANY_PARTS";
        }
        return breaker.tryAcquirePermission() ? null : "BREAKER";
    }

    private void followOrMark(Followed<R, K> write, UnitLedger ledger) {
        long start = System.nanoTime();
        Plan planned;
        try {
            planned = plan(write);
        } catch (Throwable failure) {
            breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
            mark(write, ledger, "FAILED");
            return;
        }
        List<String> copied;
        try {
            copied = copy(write, planned, sides.limits());
            if (copied != null) {
                long nanos = System.nanoTime() - start;
                breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
                listener.followed(
                        sides.name(), write.operation().name(), write.entry().stage(), nanos);
            } else {
                breaker.releasePermission();
                undo(write, ledger, "LOCKED", null);
            }
        } catch (Throwable failure) {
            undo(write, ledger, contention(failure) ? "LOCKED" : "FAILED", failure);
            tellBreaker(failure, System.nanoTime() - start);
            return;
        }
        if (copied != null) {
            check.after(write, copied);
        }
    }

    /** Waiting too long for somebody's row says nothing of the health of the follower. */
    private void tellBreaker(Throwable failure, long nanos) {
        if (contention(failure)) {
            breaker.releasePermission();
        } else {
            breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        }
    }

    private static boolean contention(Throwable failure) {
        return failure instanceof SQLException e && "55P03".equals(e.getSQLState());
    }

    /** Returns the keys that were copied, or null if their locks were not to be had in time. */
    private @Nullable List<String> copy(Followed<R, K> write, Plan planned, FollowerLimits limits) throws SQLException {
        Deadline deadline = Deadline.of(sides.name(), limits);
        try {
            return copyAlone(write, planned, limits, deadline);
        } catch (SQLException | RuntimeException failure) {
            if (!mayLackParents(write, failure) || deadline.left() < 1) {
                throw failure;
            }
            return copyBehindParents(write, planned, limits.within(deadline.left()), deadline, failure);
        }
    }

    /** A call that is replayed is not made twice, and what a snapshot shows of a parent may be old. */
    private boolean mayLackParents(Followed<R, K> write, Exception failure) {
        return !sides.parents().isEmpty()
                && SqlStates.isForeignKey(failure)
                && write.operation().mode() != FollowerMode.REPLAY
                && write.entry().readCommitted();
    }

    /** Begins again at the savepoint: the parents that are marked, then the child. */
    private @Nullable List<String> copyBehindParents(
            Followed<R, K> write, Plan planned, FollowerLimits limits, Deadline deadline, Exception failure)
            throws SQLException {
        Connection connection = write.connection();
        Side right = write.authority();
        control.rollbackFollower(connection);
        Open<R, K, V> found = open(write, limits);
        if (!found.opened().locked()) {
            return null;
        }
        deadline.check();
        ParentCopies.Copied copied = parents.copy(write, sides, found.states().values(), limits, deadline);
        if (copied.keys() == 0) {
            throw Sneaky.rethrow(failure);
        }
        law.write(connection, right.other(), found.write().keys(), found.states());
        deadline.check();
        List<String> deferred = new ArrayList<>(copied.deferredConstraints());
        deferred.addAll(planned.deferred());
        control.closeFollower(
                connection, sides.number(), write.entry(), found.opened().and(copied.marks()), deferred);
        return found.write().keyTexts();
    }

    private @Nullable List<String> copyAlone(
            Followed<R, K> write, Plan planned, FollowerLimits limits, Deadline deadline) throws SQLException {
        boolean rehearsed = isRehearsed(write);
        if (!rehearsed && write.operation().mode() != FollowerMode.REPLAY && folded(write, planned, limits)) {
            return write.keyTexts();
        }
        Open<R, K, V> found = open(write, limits);
        if (!found.opened().locked()) {
            return null;
        }
        if (write.operation().mode() == FollowerMode.REPLAY) {
            replay(write);
        } else if (rehearsed) {
            rehearse(found);
        }
        deadline.check();
        law.write(write.connection(), write.authority().other(), found.write().keys(), found.states());
        deadline.check();
        control.closeFollower(write.connection(), sides.number(), write.entry(), found.opened(), planned.deferred());
        return found.write().keyTexts();
    }

    /** Returns false if this follower's part cannot be one message; nothing has been done then. */
    private boolean folded(Followed<R, K> write, Plan planned, FollowerLimits limits) throws SQLException {
        FoldedCopy folded = planned.folded();
        if (folded == null || write.keys().isEmpty()) {
            return false;
        }
        try {
            control.copyFolded(write.connection(), sides.number(), write.entry(), write.keyTexts(), limits, folded);
            return true;
        } catch (SQLException failure) {
            if (!FoldedCopy.COLLECTED.equals(failure.getSQLState())) {
                throw failure;
            }
            control.rollbackFollower(write.connection());
            return false;
        }
    }

    private Plan plan(Followed<R, K> write) throws SQLException {
        Plan known = plan;
        if (known != null && known.epoch() == write.entry().epoch()) {
            return known;
        }
        control.setReadSavepoint(write.connection());
        try {
            Plan made = makePlan(write);
            control.releaseReadSavepoint(write.connection());
            plan = made;
            return made;
        } catch (Throwable failure) {
            control.undoReadSavepoint(write.connection());
            throw failure;
        }
    }

    private Plan makePlan(Followed<R, K> write) throws SQLException {
        EntityStore<K, V> authority = sides.store(write.authority());
        EntityStore<K, V> follower = sides.store(write.authority().other());
        List<String> deferred = control.deferredConstraints(write.connection(), follower.tables());
        FoldedCopy folded = FoldedCopy.between(authority.projection(), follower.projection(), deferred);
        return new Plan(write.entry().epoch(), deferred, folded);
    }

    /** A follower's part that was opened: of the write with all its keys, those that sentinels collected included. */
    private record Open<R, K, V>(Followed<R, K> write, OpenedFollower opened, Map<K, V> states) {}

    private Open<R, K, V> open(Followed<R, K> write, FollowerLimits limits) throws SQLException {
        Connection connection = write.connection();
        Entry entry = write.entry();
        EntityStore<K, V> store = sides.store(write.authority());
        FoldedFind<K, V> find = store.foldedFind().orElse(null);
        if (find != null) {
            Control.OpenedWithStates<K, V> found =
                    control.openFollower(connection, sides.number(), entry, write.keyTexts(), limits, find);
            return withCollected(write, store, found.opened(), found.states());
        }
        OpenedFollower opened = control.openFollower(connection, sides.number(), entry, write.keyTexts(), limits);
        return withCollected(write, store, opened, opened.locked() ? store.find(connection, write.keys()) : Map.of());
    }

    /** What was collected is locked as the declared keys are, and read by a statement after that. */
    private Open<R, K, V> withCollected(
            Followed<R, K> write, EntityStore<K, V> store, OpenedFollower opened, Map<K, V> declared)
            throws SQLException {
        if (opened.collected().isEmpty() || !opened.locked()) {
            return new Open<>(write, opened, declared);
        }
        List<K> collected =
                opened.collected().stream().map(sides.keyType()::decode).toList();
        UnitLedger.of(write.unit()).countKeys(collected.size());
        Map<K, V> states = new LinkedHashMap<>(declared);
        states.putAll(store.find(write.connection(), collected));
        return new Open<>(write.and(collected, opened.collected()), opened, states);
    }

    private boolean isRehearsed(Followed<R, K> write) {
        return isRehearsed(write.operation(), write.authority(), write.keys());
    }

    /** The legacy methods need no proof. */
    private boolean isRehearsed(Operation operation, Side authority, List<K> keys) {
        return operation.mode() == FollowerMode.REHEARSE && authority == Side.LEGACY && sides.rehearses(keys);
    }

    private void rehearse(Open<R, K, V> found) throws SQLException {
        if (control.rehearses()) {
            rehearsal.rehearse(found.write(), found.opened(), found.states());
        } else {
            listener.rehearsalSkipped(sides.name(), found.write().operation().name(), "NO_DATABASE");
        }
    }

    /** The follower's own method stands; the law after it makes the entity's state right all the same. */
    private void replay(Followed<R, K> write) {
        Call<R, ?> again = write.again().get();
        if (again == null) {
            throw new ChangeoverException(sides.name() + ": no call to replay");
        }
        try {
            Side side = write.authority().other();
            FollowerScope.on(side, sides.port(side), again);
        } catch (Throwable failure) {
            throw Sneaky.rethrow(failure);
        }
    }

    private void undo(Followed<R, K> write, UnitLedger ledger, String reason, @Nullable Throwable failure) {
        try {
            control.undoFollower(write.connection(), sides.number(), write.entry(), write.keyTexts(), reason);
        } catch (Throwable markFailure) {
            throw cannotMark(write.unit(), failure, markFailure);
        }
        marked(write, ledger, reason, failure);
    }

    private void mark(Followed<R, K> write, UnitLedger ledger, String reason) {
        try {
            control.leave(write.connection(), sides.number(), write.entry(), write.keyTexts(), reason);
        } catch (Throwable markFailure) {
            throw cannotMark(write.unit(), null, markFailure);
        }
        marked(write, ledger, reason, null);
    }

    private void marked(Followed<R, K> write, UnitLedger ledger, String reason, @Nullable Throwable failure) {
        ledger.wakeAfterCommit(write.unit(), wakeDrain);
        ownMarks.made(write.unit(), sides.name(), write.entry(), write.keyTexts());
        listener.marked(
                sides.name(),
                write.operation().name(),
                write.entry().stage(),
                write.keys().size(),
                reason,
                failure);
    }

    private MarkFailedException cannotMark(UnitOfWork unit, @Nullable Throwable first, Throwable second) {
        unit.setRollbackOnly();
        MarkFailedException failed = new MarkFailedException(sides.name(), second);
        if (first != null) {
            failed.addSuppressed(first);
        }
        return failed;
    }

    /** Both sides or neither. Under a snapshot of the caller the copy may be of an old state, so it is also marked. */
    private void followOrFail(Followed<R, K> write) {
        try {
            UnitLedger ledger = UnitLedger.of(write.unit());
            if (ledger.countKeys(write.keys().size()) > MOST_KEYS) {
                throw new ChangeoverException(sides.name() + ": more than " + MOST_KEYS
                        + " keys in one transaction with the policy ATOMIC. Write them in several transactions");
            }
            List<String> copied = copy(write, plan(write), sides.limits().patient());
            if (copied == null) {
                throw new FollowerTooSlow(sides.name(), sides.limits().statementTimeout());
            }
            if (!write.entry().readCommitted()) {
                control.mark(write.connection(), sides.number(), copied, write.authority(), "ISOLATION");
                marked(write, ledger, "ISOLATION", null);
            }
            check.after(write, copied);
        } catch (SQLException failure) {
            write.unit().setRollbackOnly();
            throw new ChangeoverException(
                    sides.name() + ": the follower could not be written, so with the policy ATOMIC the transaction is"
                            + " rolled back. " + failure.getMessage(),
                    failure);
        } catch (Throwable failure) {
            write.unit().setRollbackOnly();
            throw Sneaky.rethrow(failure);
        }
    }

    /** Marks what was written outside a routed write; without the mark the transaction must not commit. */
    void markOutside(UnitOfWork unit, Connection connection, Entry entry, List<K> keys) throws SQLException {
        List<String> texts = sides.encode(keys);
        control.leave(connection, sides.number(), entry, texts, "OUTSIDE");
        ownMarks.made(unit, sides.name(), entry, texts);
        UnitLedger.of(unit).wakeAfterCommit(unit, wakeDrain);
        listener.marked(sides.name(), "outside", entry.stage(), texts.size(), "OUTSIDE", null);
    }

    /** The authority threw although it may have written, and the caller may still commit. */
    void authorityThrew(
            UnitOfWork unit,
            Connection connection,
            Entry entry,
            Operation operation,
            List<K> declared,
            boolean complete) {
        if (!complete && !entry.watched()) {
            unit.setRollbackOnly();
            return;
        }
        List<String> texts = sides.encode(declared);
        try {
            control.leave(connection, sides.number(), entry, texts, "AUTHORITY_THREW");
            ownMarks.made(unit, sides.name(), entry, texts);
            UnitLedger.of(unit).wakeAfterCommit(unit, wakeDrain);
            listener.marked(sides.name(), operation.name(), entry.stage(), texts.size(), "AUTHORITY_THREW", null);
        } catch (Throwable markFailure) {
            if (alreadyAborted(markFailure)) {
                unit.beforeCommit(() -> markLate(unit, connection, entry, texts));
            } else {
                unit.setRollbackOnly();
            }
        }
    }

    /**
     * The transaction was aborted, and commits all the same: the caller went back to a savepoint that was set inside the
     * authority's method, before which that had written.
     */
    private void markLate(UnitOfWork unit, Connection connection, Entry entry, List<String> texts) {
        try {
            control.leave(connection, sides.number(), entry, texts, "AUTHORITY_THREW");
        } catch (SQLException e) {
            unit.setRollbackOnly();
            throw new MarkFailedException(sides.name(), e);
        }
    }

    /** An aborted transaction takes what the authority wrote with it, so there is nothing to mark. */
    private static boolean alreadyAborted(Throwable failure) {
        return failure instanceof SQLException e && Set.of("25P02").contains(String.valueOf(e.getSQLState()));
    }
}
