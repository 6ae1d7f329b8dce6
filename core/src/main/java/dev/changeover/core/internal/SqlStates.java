package dev.changeover.core.internal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the database said, however a store has wrapped it. */
final class SqlStates {

    private SqlStates() {}

    /** Tells whether a foreign key was violated. */
    static boolean isForeignKey(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                return "23503".equals(e.getSQLState());
            }
        }
        return false;
    }
}
