package dev.changeover.core;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/**
 * {@link EntityStore#find} as a statement, so that it can travel with the statements that the library sends anyway.
 *
 * @param <K> the key
 * @param <V> the entity with its children
 */
public interface FoldedFind<K, V> {

    /** Returns one SELECT whose only parameter is the {@code text[]} of the keys, written once as {@code ?}. */
    String sql();

    /** Reads the rows of that SELECT. */
    Map<K, V> read(ResultSet rows) throws SQLException;
}
