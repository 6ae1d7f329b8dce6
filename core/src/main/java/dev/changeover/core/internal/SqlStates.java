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

    /** Tells whether it is about a row: its values (22) or a constraint (23). */
    static boolean isDataError(@Nullable Throwable failure) {
        String state = String.valueOf(of(failure));
        return state.startsWith("22") || state.startsWith("23");
    }

    /** Tells whether the server refused a statement whatever its rows, as for a table or an index that is missing (42). */
    static boolean isStatementError(@Nullable Throwable failure) {
        return String.valueOf(of(failure)).startsWith("42");
    }

    /**
     * Tells whether the same may succeed in a moment: lock waits, deadlocks and lost connections pass, a changed epoch or
     * a broken mapping does not.
     */
    static boolean isPassing(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.equals("55P03") || state.startsWith("40") || state.startsWith("08") || state.startsWith("57P");
    }

    /** Returns what a connection was lost by, however a store has wrapped it, or null. */
    static @Nullable SQLException lostConnection(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                String state = String.valueOf(e.getSQLState());
                return state.startsWith("08") || state.startsWith("57P") ? e : null;
            }
        }
        return null;
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
