package dev.changeover.core.internal;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The law of the copy. Everything that writes the follower's k does this and nothing else, in one transaction of the
 * follower:
 *
 * <ol>
 *   <li>take the key lock of k in the follower's database;
 *   <li>as a new statement, read k's present state from the authority;
 *   <li>write it to the follower, or remove k there if the authority does not have it;
 *   <li>commit the follower, and only then delete the marks that were seen before the second step.
 * </ol>
 *
 * Why it holds: the lock orders all writes to the follower's k; each reads the authority after it has the lock, so a
 * later copy carries the same or a newer state; and every change at the authority is either copied under the lock by its
 * own transaction, or has a mark that is committed with it. No ordering of events, no versions and no tombstones are
 * needed. Each step is there because its absence was executed and lost data: reading before locking leaves the follower
 * stale, a copy without the lock resurrects deleted rows, and marks deleted by anything but their ids lose the write
 * that came in between.
 *
 * <p>This class is steps 2 and 3. The locks are taken by {@code changeover.open_follower} (a live write, which polls and
 * marks instead of waiting) and by {@link CopyTransaction} (background copies, which skip what is taken).
 */
final class Law<K, V> {

    private final Sides<?, K, V> sides;

    Law(Sides<?, K, V> sides) {
        this.sides = sides;
    }

    /** Copies the present state of these keys, which the caller has locked. Returns the keys that were absent. */
    Set<K> copy(Connection authority, Connection follower, Side right, Collection<K> keys) throws SQLException {
        return write(follower, right.other(), keys, sides.store(right).find(authority, keys));
    }

    /** The third step alone, for who has done the second in the same transaction. */
    Set<K> write(Connection follower, Side side, Collection<K> keys, Map<K, V> states) throws SQLException {
        EntityStore<K, V> store = sides.store(side);
        if (!states.isEmpty()) {
            store.upsert(follower, states.values());
        }
        List<K> absent = new ArrayList<>(keys);
        absent.removeAll(states.keySet());
        if (!absent.isEmpty()) {
            store.remove(follower, absent);
        }
        return Set.copyOf(absent);
    }
}
