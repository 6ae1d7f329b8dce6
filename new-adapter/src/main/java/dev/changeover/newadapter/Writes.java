package dev.changeover.newadapter;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** Writes the rows of entities. */
interface Writes<K> {

    /** Makes the rows, children included, say what the images say. */
    void upsert(Connection connection, Images<K> images) throws SQLException;

    /** Writes those entities whose root has no row yet, and returns their keys. */
    Set<K> insertMissing(Connection connection, Images<K> images) throws SQLException;
}
