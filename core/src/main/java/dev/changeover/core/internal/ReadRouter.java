package dev.changeover.core.internal;

import dev.changeover.core.FenceException;
import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Routes reads. The follower serves only in RAMP, only outside transactions or in read-only ones, never a locking read,
 * and only after the marks were asked: a mark that is committed before the question sends the read to the side that is
 * right, and one that is committed after it belongs to a write that is concurrent with the read. A lookup or query may
 * join what its repository depends on, so the answer counts the marks of the parents for it; a read by key returns the
 * entity alone, for which its own mark says everything.
 *
 * <p>Where the authority may move next (100 %, NEW_PRIMARY), the first read of a writing unit enters the fence, so that
 * the move waits for the unit; elsewhere the side that served is remembered and checked at the unit's next write.
 */
final class ReadRouter<R, K, V> {

    private final Sides<R, K, V> sides;
    private final UnsavedChanges<K, V> unsaved;
    private final StageCell cell;
    private final Control control;
    private final Transactions transactions;
    private final ReadObserver observer;
    private final ChangeoverListener listener;
    private final @Nullable MarkCache marks;

    ReadRouter(
            Sides<R, K, V> sides,
            UnsavedChanges<K, V> unsaved,
            StageCell cell,
            Services services,
            @Nullable MarkCache marks) {
        this.marks = marks;
        this.sides = sides;
        this.unsaved = unsaved;
        this.cell = cell;
        this.control = services.control();
        this.transactions = services.transactions();
        this.observer = services.observer();
        this.listener = services.listener();
    }

    /** Tells whether a LEGACY_ONLY read needs nothing but the call: nobody listens, and no unit has to remember it. */
    boolean plain() {
        return listener == ChangeoverListener.NONE && transactions.current() == null && FollowerScope.current() == null;
    }

    <T extends @Nullable Object> T serve(Operation operation, @Nullable K key, Call<R, T> call) throws Throwable {
        Side inside = FollowerScope.current();
        if (inside != null) {
            return call.on(sides.port(inside));
        }
        UnitOfWork unit = transactions.current();
        if (unit == null) {
            return outside(operation, cell.fresh(), key, call);
        }
        return unit.readOnly() ? inReadOnlyUnit(unit, operation, key, call) : inWritingUnit(unit, operation, call);
    }

    private <T extends @Nullable Object> T inWritingUnit(UnitOfWork unit, Operation operation, Call<R, T> call)
            throws Throwable {
        Side side = inWritingUnit(unit);
        T result = timed(operation, side, call);
        if (side == Side.NEW) {
            unsaved.returned(unit, operation, result);
        }
        return result;
    }

    private <T extends @Nullable Object> T outside(
            Operation operation, RepositoryState state, @Nullable K key, Call<R, T> call) throws Throwable {
        Side side = side(operation, state, key, null);
        return side == state.stage().authority()
                ? observed(operation, state, side, key, call)
                : byFollower(operation, state, side, key, call);
    }

    private <T extends @Nullable Object> T inReadOnlyUnit(
            UnitOfWork unit, Operation operation, @Nullable K key, Call<R, T> call) throws Throwable {
        RepositoryState state = cell.freshOrNull();
        if (state == null) {
            Stage stage = control.ask(unit.connection(), sides.number(), null).stage();
            return timed(operation, stage.authority(), call);
        }
        Side side = side(operation, state, key, unit);
        return side == state.stage().authority()
                ? observed(operation, state, side, key, call)
                : byFollowerIn(unit, operation, state, side, key, call);
    }

    private Side side(Operation operation, RepositoryState state, @Nullable K key, @Nullable UnitOfWork unit) {
        return state.stage() == Stage.RAMP
                ? inRamp(operation, state, key, unit)
                : state.stage().authority();
    }

    /**
     * One side for all reads of a unit. Without a lease the fence is asked, on the unit's own connection: a thread that
     * holds one connection of the pool must not wait for another.
     */
    private Side inWritingUnit(UnitOfWork unit) throws SQLException {
        UnitLedger ledger = UnitLedger.of(unit);
        Side known = ledger.side(sides.name());
        if (known != null) {
            return known;
        }
        RepositoryState used = cell.use();
        if (used != null) {
            unit.afterCompletion(committed -> cell.release(used));
        }
        Side authority = used == null || (used.critical() && !sides.shared())
                ? enter(unit)
                : used.stage().authority();
        ledger.served(sides.name(), authority);
        return authority;
    }

    private Side enter(UnitOfWork unit) {
        try {
            Entry entry = control.enter(unit.connection(), sides.number(), null);
            cell.entered(entry.epoch());
            return entry.stage().authority();
        } catch (SQLException e) {
            unit.setRollbackOnly();
            throw new FenceException(sides.name(), e);
        }
    }

    private Side inRamp(Operation operation, RepositoryState state, @Nullable K key, @Nullable UnitOfWork unit) {
        if (operation.legacyOnly() || operation.locking() || !belongsToNew(operation, state, key)) {
            return state.critical() && !sides.shared() ? askAuthority(unit) : Side.LEGACY;
        }
        return sides.shared() ? Side.NEW : askMarks(operation, state, key, unit);
    }

    /** At 100 % the authority may have moved since this instance looked; what legacy serves is asked for, too. */
    private Side askAuthority(@Nullable UnitOfWork unit) {
        try {
            return control.ask(unit == null ? null : unit.connection(), sides.number(), null)
                    .stage()
                    .authority();
        } catch (SQLException e) {
            return Side.LEGACY;
        }
    }

    private boolean belongsToNew(Operation operation, RepositoryState state, @Nullable K key) {
        String routing = Routing.current();
        if (routing == null && operation.kind() == ReadKind.KEYED && key != null) {
            return keyBelongsToNew(state, key);
        }
        if (routing == null) {
            return state.percent() == 100;
        }
        Boolean listed = Routing.listed(state, routing);
        return listed != null ? listed : Routing.inside(Routing.bucket(KeyType.TEXT.hash(routing)), state.percent());
    }

    private boolean keyBelongsToNew(RepositoryState state, K key) {
        if (!state.allow().isEmpty() || !state.deny().isEmpty()) {
            Boolean listed = Routing.listed(state, sides.keyType().encode(key));
            if (listed != null) {
                return listed;
            }
        }
        return Routing.inside(Routing.bucket(sides.keyType().hash(key)), state.percent());
    }

    private Side askMarks(Operation operation, RepositoryState state, @Nullable K key, @Nullable UnitOfWork unit) {
        boolean keyed = operation.kind() == ReadKind.KEYED && key != null;
        if (marks != null && unit == null) {
            return cached(operation, marks.lacks(keyed ? sides.encodeNullable(key) : null));
        }
        try {
            Answer answer = control.ask(
                    unit == null ? null : unit.connection(),
                    sides.number(),
                    keyed ? sides.keyType().encode(Objects.requireNonNull(key)) : null);
            return side(operation, state, answer);
        } catch (SQLException e) {
            listener.readFellBack(sides.name(), operation.name(), "ASK_FAILED");
            return Side.LEGACY;
        }
    }

    private Side cached(Operation operation, @Nullable Boolean lacks) {
        if (Boolean.FALSE.equals(lacks)) {
            return Side.NEW;
        }
        listener.readFellBack(sides.name(), operation.name(), lacks == null ? "CACHE_TOO_OLD" : "MARKED");
        return Side.LEGACY;
    }

    /**
     * Follows the answer, which is newer than the state that led to the question: somebody may have gone back to zero
     * since. A read that came here at zero was on the list of those that new serves at any percentage.
     */
    private Side side(Operation operation, RepositoryState state, Answer answer) {
        boolean backAtZero = answer.percent() == 0 && state.percent() > 0;
        if (answer.stage() != Stage.RAMP || backAtZero) {
            return answer.stage().authority();
        }
        if (answer.right() == null) {
            return Side.NEW;
        }
        listener.readFellBack(sides.name(), operation.name(), "MARKED");
        return answer.stage().authority();
    }

    /**
     * A unit of work that copied a key, and changed it once more without a copy, commits the copy together with its mark.
     * Who had asked before that and read after it would return a state that the authority never had.
     */
    private boolean stillKnown(Operation operation, RepositoryState state, @Nullable K key, @Nullable UnitOfWork unit) {
        boolean cached = marks != null && unit == null;
        return sides.shared() || cached || askMarks(operation, state, key, unit) == Side.NEW;
    }

    /** New serves as a follower: if it throws, the authority is asked, and what that returns or throws is the result. */
    private <T extends @Nullable Object> T byFollower(
            Operation operation, RepositoryState state, Side side, @Nullable K key, Call<R, T> call) throws Throwable {
        T result;
        try {
            result = observed(operation, state, side, key, call);
        } catch (Throwable failure) {
            listener.readFellBack(sides.name(), operation.name(), "FAILED");
            try {
                return timed(operation, side.other(), call);
            } catch (Throwable second) {
                if (second != failure) {
                    second.addSuppressed(failure);
                }
                throw second;
            }
        }
        return stillKnown(operation, state, key, null) ? result : timed(operation, side.other(), call);
    }

    /** In a transaction a failed statement of the follower would abort the caller's work, hence the savepoint. */
    private <T extends @Nullable Object> T byFollowerIn(
            UnitOfWork unit, Operation operation, RepositoryState state, Side side, @Nullable K key, Call<R, T> call)
            throws Throwable {
        Connection connection = unit.connection();
        T result;
        try {
            control.setReadSavepoint(connection);
            result = observed(operation, state, side, key, call);
            control.releaseReadSavepoint(connection);
        } catch (Throwable failure) {
            listener.readFellBack(sides.name(), operation.name(), "FAILED");
            control.undoReadSavepoint(connection);
            return timed(operation, side.other(), call);
        }
        return stillKnown(operation, state, key, unit) ? result : timed(operation, side.other(), call);
    }

    private <T extends @Nullable Object> T observed(
            Operation operation, RepositoryState state, Side side, @Nullable K key, Call<R, T> call) throws Throwable {
        if (!observes(operation, state, key)) {
            return timed(operation, side, call);
        }
        long start = System.nanoTime();
        try {
            T result = timed(operation, side, call);
            show(operation, state, side, key, call, result, null, start);
            return result;
        } catch (Throwable failure) {
            show(operation, state, side, key, call, null, failure, start);
            throw failure;
        }
    }

    private boolean observes(Operation operation, RepositoryState state, @Nullable K key) {
        ReadKind kind = operation.kind();
        return state.stage().shadowed()
                && observer != ReadObserver.NONE
                && operation.snapshot() != null
                && !operation.legacyOnly()
                && !operation.locking()
                && kind != null
                && observer.wants(
                        sides.name(), kind, key == null ? 0 : sides.keyType().hash(key));
    }

    private <T extends @Nullable Object> void show(
            Operation operation,
            RepositoryState state,
            Side side,
            @Nullable K key,
            Call<R, T> call,
            @Nullable Object value,
            @Nullable Throwable failure,
            long start) {
        long servedAt = System.nanoTime();
        UnaryOperator<@Nullable Object> snapshot = Objects.requireNonNull(operation.snapshot());
        try {
            observer.observe(new ObservedRead(
                    sides.name(),
                    operation.name(),
                    Objects.requireNonNull(operation.kind()),
                    key == null ? null : sides.keyType().encode(key),
                    side,
                    value == null ? null : snapshot.apply(value),
                    failure,
                    servedAt - start,
                    servedAt,
                    state.epoch(),
                    wanted -> again(wanted, call, snapshot)));
        } catch (Throwable dropped) {
            listener.backgroundFailed("observer of reads", dropped);
        }
    }

    private <T extends @Nullable Object> @Nullable Object again(
            Side wanted, Call<R, T> call, UnaryOperator<@Nullable Object> snapshot) throws Exception {
        try {
            Object value = FollowerScope.on(wanted, sides.port(wanted), call);
            return value == null ? null : snapshot.apply(value);
        } catch (Exception | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw Sneaky.rethrow(failure);
        }
    }

    private <T extends @Nullable Object> T timed(Operation operation, Side side, Call<R, T> call) throws Throwable {
        if (listener == ChangeoverListener.NONE) {
            return call.on(sides.port(side));
        }
        long start = System.nanoTime();
        boolean failed = true;
        try {
            T result = call.on(sides.port(side));
            failed = false;
            return result;
        } finally {
            listener.readServed(sides.name(), operation.name(), side, System.nanoTime() - start, failed);
        }
    }
}
