package dev.changeover.core.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys that one worker has for itself, as long as its lease lasts.
 *
 * @param afterKey the key behind which it begins, or null for the first
 * @param toKey its last key, or null if it has no end yet
 * @param lastKey the key up to which it is done, or null
 * @param attempt how often it was taken; tells its holder from those who had it before
 */
record KeyRange(
        int number,
        @Nullable String afterKey,
        @Nullable String toKey,
        @Nullable String lastKey,
        int attempt) {

    static final KeyRange ALL = new KeyRange(1, null, null, null, 0);

    static KeyRange read(ResultSet row) throws SQLException {
        return new KeyRange(
                row.getInt("number"),
                row.getString("after_key"),
                row.getString("to_key"),
                row.getString("last_key"),
                row.getInt("attempt"));
    }

    /** Returns the key behind which the next chunk begins, or null for the first. */
    @Nullable
    String position() {
        return lastKey != null ? lastKey : afterKey;
    }

    KeyRange at(String key) {
        return new KeyRange(number, afterKey, toKey, key, attempt);
    }

    KeyRange upTo(String key) {
        return new KeyRange(number, afterKey, key, lastKey, attempt);
    }
}
