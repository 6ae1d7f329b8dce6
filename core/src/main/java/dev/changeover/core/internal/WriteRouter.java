package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.FenceException;
import dev.changeover.core.MarkFailedException;
import dev.changeover.core.OutsideChangeException;
import dev.changeover.core.Side;
import dev.changeover.core.StageChangedException;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes writes: the fence at every one of them, then the authority's method, then the follower's part, all in the
 * transaction of the caller. An entry is never remembered, because rolling back to a savepoint of the caller gives the
 * fence away, and a unit of work could then commit under a stage that was left.
 */
final class WriteRouter<R, K, V> {

    private final Sides<R, K, V> sides;
    private final StageCell cell;
    private final Control control;
    private final Transactions transactions;
    private final ChangeoverListener listener;
    private final FollowerPart<R, K, V> followerPart;
    private final UnsavedChanges<K, V> unsaved;

    WriteRouter(
            Sides<R, K, V> sides,
            StageCell cell,
            Services services,
            FollowerPart<R, K, V> followerPart,
            UnsavedChanges<K, V> unsaved) {
        this.sides = sides;
        this.cell = cell;
        this.control = services.control();
        this.transactions = services.transactions();
        this.listener = services.listener();
        this.followerPart = followerPart;
        this.unsaved = unsaved;
    }

    <T extends @Nullable Object> T write(
            Operation operation, KeySource<K> keys, Call<R, T> call, Engine.Again<R, T> again) throws Throwable {
        UnitOfWork unit = transactions.current();
        if (unit != null) {
            return writeIn(unit, operation, keys, call, again);
        }
        return transactions.required(opening(operation.settings()), () -> {
            UnitOfWork opened = transactions.current();
            if (opened == null) {
                throw new ChangeoverException("Transactions.required ran the work outside a transaction. Mend the"
                        + " implementation of Transactions: current() must not be null inside");
            }
            try {
                return writeIn(opened, operation, keys, call, again);
            } catch (Exception | Error failure) {
                throw failure;
            } catch (Throwable failure) {
                throw Sneaky.rethrow(failure);
            }
        });
    }

    /** A write always needs a transaction, even where the method alone would go without. */
    private static TransactionSettings opening(TransactionSettings settings) {
        return settings.propagation() != TransactionSettings.Propagation.SUPPORTS
                ? settings
                : new TransactionSettings(
                        TransactionSettings.Propagation.REQUIRED,
                        settings.isolation(),
                        settings.timeout(),
                        settings.readOnly(),
                        settings.rollbackOn());
    }

    private <T extends @Nullable Object> T writeIn(
            UnitOfWork unit, Operation operation, KeySource<K> keys, Call<R, T> call, Engine.Again<R, T> again)
            throws Throwable {
        if (unit.readOnly() && control.readOnly(unit.connection())) {
            return call.on(sides.port(cell.last().stage().authority()));
        }
        Connection connection = unit.connection();
        List<K> declared = keys.declared();
        Entry entry = enter(unit, connection, declared);
        if (!follows(entry)) {
            T result = lead(unit, operation, entry, call);
            if (watchesUnder(entry)) {
                saved(unit, operation, keysAfter(unit, keys, result), result);
            }
            return result;
        }
        if (operation.bulk() && !entry.watched()) {
            throw new ChangeoverException(
                    sides.name() + "." + operation.name() + ": only sentinels can tell its keys, and" + " the "
                            + entry.authority() + " side has none. Install them with changeover.sentinels()");
        }
        boolean reserved = followerPart.reserve(connection, entry, operation, declared);
        T result;
        try {
            result = lead(unit, operation, entry, call);
        } catch (Throwable failure) {
            followerPart.authorityThrew(unit, connection, entry, operation, declared, keys.complete());
            throw failure;
        }
        List<K> all = keysAfter(unit, keys, result);
        if (watchesUnder(entry)) {
            saved(unit, operation, all, result);
        }
        if (!all.isEmpty() || entry.watched()) {
            followerPart.follow(new FollowerPart.Followed<>(
                    unit, connection, entry, operation, all, sides.encode(all), reserved, () -> again.after(result)));
        }
        return result;
    }

    /** Where legacy leads its object mapper saves what was changed, as ever, and nobody looks for keys. */
    private boolean watchesUnder(Entry entry) {
        return unsaved.watches() && entry.stage().authority() == Side.NEW;
    }

    /** Functions of the application run here, after the authority has written and before anything is copied or marked. */
    private void saved(UnitOfWork unit, Operation operation, List<K> keys, @Nullable Object result) {
        try {
            unsaved.written(unit, keys);
            unsaved.returned(unit, operation, result);
        } catch (RuntimeException | Error failure) {
            unit.setRollbackOnly();
            throw failure;
        }
    }

    /** A write whose keys are not known can be neither copied nor marked, so it must not commit. */
    private <T extends @Nullable Object> List<K> keysAfter(UnitOfWork unit, KeySource<K> keys, T result) {
        try {
            return keys.all(result);
        } catch (Throwable failure) {
            unit.setRollbackOnly();
            throw new ChangeoverException(
                    sides.name() + ": the keys of a write could not be told; the transaction is rolled back. "
                            + failure.getMessage(),
                    failure);
        }
    }

    void changedOutside(Side side, K key) {
        UnitOfWork unit = transactions.current();
        if (unit == null) {
            throw new ChangeoverException(
                    sides.name() + ": a change outside a routed write needs a transaction, so that"
                            + " its mark is committed with it");
        }
        try {
            Connection connection = unit.connection();
            Entry entry = enter(unit, connection, List.of(key));
            if (entry.stage().authority() != side) {
                unit.setRollbackOnly();
                throw new OutsideChangeException(sides.name(), sides.keyType().encode(key));
            }
            if (follows(entry)) {
                followerPart.markOutside(unit, connection, entry, List.of(key));
            }
        } catch (SQLException e) {
            unit.setRollbackOnly();
            throw new MarkFailedException(sides.name(), e);
        }
    }

    private boolean follows(Entry entry) {
        return !sides.shared() && entry.stage().follower() != null;
    }

    private Entry enter(UnitOfWork unit, Connection connection, List<K> declared) {
        Entry entry;
        try {
            entry = control.enter(connection, sides.number(), sides.encode(declared));
        } catch (SQLException e) {
            unit.setRollbackOnly();
            throw new FenceException(sides.name(), e);
        }
        cell.entered(entry.epoch());
        try {
            UnitLedger.of(unit).checkAuthority(sides.name(), entry.stage().authority());
        } catch (StageChangedException e) {
            unit.setRollbackOnly();
            throw e;
        }
        return entry;
    }

    private <T extends @Nullable Object> T lead(UnitOfWork unit, Operation operation, Entry entry, Call<R, T> call)
            throws Throwable {
        Side authority = entry.stage().authority();
        long start = listener == ChangeoverListener.NONE ? 0 : System.nanoTime();
        boolean failed = true;
        try {
            T result = call.on(sides.port(authority));
            unit.flush();
            failed = false;
            return result;
        } finally {
            if (listener != ChangeoverListener.NONE) {
                listener.writeServed(
                        sides.name(), operation.name(), entry.stage(), authority, System.nanoTime() - start, failed);
            }
        }
    }
}
