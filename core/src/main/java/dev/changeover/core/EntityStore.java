package dev.changeover.core;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one entity type (root and children) on one side, as the copy needs it: found, written and removed by
 * key, in bulk, on a connection that the caller of the store owns. A store never commits, rolls back, closes or
 * changes a setting of that connection.
 *
 * <p>Both stores of a repository speak the same type {@code V}: the application's own entity or a plain record of it,
 * with value equality. A mapping is a pure function: no clock, no random, nothing that depends on other rows.
 * Implementations are safe for use by several threads.
 *
 * @param <K> the key, stable and equal on both sides
 * @param <V> the entity with its children
 */
public interface EntityStore<K, V> {

    /** Returns the quoted, qualified names of the tables that this store writes, the root first. */
    List<String> tables();

    /**
     * Tells in which column each of the tables holds the key, so that sentinels can watch them and a verification can
     * search them for what has changed; empty if it cannot be told that way.
     */
    default List<WatchedTable> watchedTables() {
        return List.of();
    }

    /**
     * Reads the present state of the given keys in one statement (or one snapshot). A key that is absent, or whose row
     * the mapping counts as absent (soft-deleted), is not in the result.
     *
     * @throws UnmappableRowException if a row has no image as an entity; names the key and the column
     */
    Map<K, V> find(Connection connection, Collection<K> keys) throws SQLException;

    /**
     * Makes the rows of these entities, children included, say what the entities say; idempotent. Columns that this
     * side owns alone are not touched, and a column whose present value already maps to the entity's value is left as
     * it is. A conflict on anything but the primary key fails.
     */
    void upsert(Connection connection, Collection<V> entities) throws SQLException;

    /**
     * Writes those entities whose key has no row yet and returns their keys; existing rows stay untouched. May fail with a
     * violation of the primary key, and then has to be called again, where somebody else inserts such a row meanwhile.
     */
    Set<K> insertMissing(Connection connection, Collection<V> entities) throws SQLException;

    /** Makes these keys absent, children included; keys without a row are ignored. */
    void remove(Connection connection, Collection<K> keys) throws SQLException;

    /**
     * Returns the next keys of present entities in the order of {@link KeyType}, at most {@code limit}.
     *
     * @param after the key to start behind, or null to start at the first
     */
    List<K> keysAfter(Connection connection, @Nullable K after, int limit) throws SQLException;

    /** Returns about how many entities this side holds, for progress and estimates only. */
    long estimatedCount(Connection connection) throws SQLException;

    /**
     * Tells whether {@link #remove} and then {@link #upsert} of the same entity leave its rows as the upsert alone would,
     * as where a removal only sets a moment that every upsert sets back to null. Then rows may step aside to exchange a
     * unique value.
     */
    default boolean stepsAside() {
        return false;
    }

    /** Returns {@link #find} as a statement, where it is one; saves a round trip at every routed write. */
    default Optional<FoldedFind<K, V>> foldedFind() {
        return Optional.empty();
    }

    /** Returns this side's rows as SQL in the canonical columns, where the mapping can be said in SQL. */
    default Optional<SqlProjection> projection() {
        return Optional.empty();
    }
}
