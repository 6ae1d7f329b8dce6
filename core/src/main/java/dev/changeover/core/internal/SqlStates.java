package dev.changeover.core.internal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the database said, however a store has wrapped it. */
final class SqlStates {

    private SqlStates() {}

    /** Tells whether a foreign key was violated. */
    static boolean isForeignKey(@Nullable Throwable failure) {
        return "23503".equals(of(failure));
    }

    /** Tells whether a unique value is held by another row. */
    static boolean isUnique(@Nullable Throwable failure) {
        return "23505".equals(of(failure));
    }

    private static @Nullable String of(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                return e.getSQLState();
            }
        }
        return null;
    }
}
