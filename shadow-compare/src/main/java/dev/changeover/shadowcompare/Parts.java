package dev.changeover.shadowcompare;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where the next range of keys comes from. */
interface Parts<K> {

    /**
     * Reads the next range in the snapshot of the connection.
     *
     * @param after the end of the range before, or null at the start
     * @param size about how many keys of each side
     */
    Part<K> next(Connection connection, Control control, @Nullable K after, int size) throws SQLException;

    /** Returns the most keys that one range may have. */
    int most();
}
