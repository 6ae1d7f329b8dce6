package dev.changeover.core.internal;

import dev.changeover.core.Side;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The backfill: gives new what it lacks, and leaves alone what is there. */
final class MissingCopy<K, V> implements KeyCopy<K> {

    private final Sides<?, K, V> sides;
    private final MissingRows<K, V> missing;
    private final ChangeoverListener listener;
    private final int parkAfter;

    MissingCopy(Sides<?, K, V> sides, MissingRows<K, V> missing, ChangeoverListener listener, int parkAfter) {
        this.sides = sides;
        this.missing = missing;
        this.listener = listener;
        this.parkAfter = parkAfter;
    }

    @Override
    public List<K> next(Connection connection, @Nullable K after, int limit) throws SQLException {
        return sides.legacyStore().keysAfter(connection, after, limit);
    }

    @Override
    public Outcome copy(Connection connection, CopyTransaction copy, List<K> keys) throws SQLException {
        List<String> texts = sides.encode(keys);
        List<String> locked = copy.tryLock(texts);
        List<String> busy = new ArrayList<>(texts);
        busy.removeAll(new HashSet<>(locked));
        copy.mark(busy, Side.LEGACY, "BUSY");
        return new Outcome(busy.size(), insert(connection, copy, locked));
    }

    private int insert(Connection connection, CopyTransaction copy, List<String> locked) throws SQLException {
        if (locked.isEmpty()) {
            return 0;
        }
        try {
            copy.inSavepoint(() -> missing.insert(connection, copy, locked));
            return 0;
        } catch (SQLException | RuntimeException failure) {
            return isolate(connection, copy, locked, failure);
        }
    }

    /** A row that cannot be copied must stop neither its chunk nor disappear: halve, until it stands alone. */
    private int isolate(Connection connection, CopyTransaction copy, List<String> locked, Exception failure)
            throws SQLException {
        if (failure instanceof SQLException e && !SqlStates.isDataError(e)) {
            throw e;
        }
        if (locked.size() > 1) {
            int half = locked.size() / 2;
            return insert(connection, copy, locked.subList(0, half))
                    + insert(connection, copy, locked.subList(half, locked.size()));
        }
        copy.mark(locked, Side.LEGACY, "POISON");
        Attempts.failed(connection, sides.number(), locked.get(0), parkAfter, Redacted.message(failure));
        listener.parked(sides.name(), locked.get(0), 1, failure);
        return 1;
    }
}
