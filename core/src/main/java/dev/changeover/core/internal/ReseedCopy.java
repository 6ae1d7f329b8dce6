package dev.changeover.core.internal;

import dev.changeover.core.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The reseed: converges the keys of both sides, removals included. */
final class ReseedCopy<K, V> implements KeyCopy<K> {

    private final Sides<?, K, V> sides;
    private final Converger<K, V> converger;
    private final Side follower;

    ReseedCopy(Sides<?, K, V> sides, Converger<K, V> converger, Side follower) {
        this.sides = sides;
        this.converger = converger;
        this.follower = follower;
    }

    /** The next keys of the union of both sides. */
    @Override
    public List<K> next(Connection connection, @Nullable K after, int limit) throws SQLException {
        Set<K> union = new HashSet<>(sides.legacyStore().keysAfter(connection, after, limit));
        union.addAll(sides.nextStore().keysAfter(connection, after, limit));
        return union.stream().sorted(sides.keyType().order()).limit(limit).toList();
    }

    @Override
    public Outcome copy(Connection connection, CopyTransaction copy, List<K> keys) throws SQLException {
        Converger.Outcome outcome = converger.convergeAll(connection, copy, follower, keys);
        return new Outcome(outcome.busy(), outcome.failed());
    }
}
