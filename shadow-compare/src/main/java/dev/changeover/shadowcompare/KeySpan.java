package dev.changeover.shadowcompare;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span of keys, as texts.
 *
 * @param after the key before its first, or null for none
 * @param to its last key, or null if it is open
 */
record KeySpan(@Nullable String after, @Nullable String to) {

    /** Returns the condition that a row with this alias is within. */
    String condition(ProjectedSides sides, String alias) {
        List<String> conditions = new ArrayList<>();
        if (after != null) {
            conditions.add(sides.key(alias) + " > " + sides.parameter());
        }
        if (to != null) {
            conditions.add(sides.key(alias) + " <= " + sides.parameter());
        }
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    /** Binds the condition and returns the next index. */
    int bind(PreparedStatement statement, int index) throws SQLException {
        int next = index;
        if (after != null) {
            statement.setString(next++, after);
        }
        if (to != null) {
            statement.setString(next++, to);
        }
        return next;
    }
}
