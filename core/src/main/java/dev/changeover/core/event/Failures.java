package dev.changeover.core.event;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What may be logged of a failure: its type and its SQLSTATE. Messages of the server quote values of rows. */
final class Failures {

    /** Causes may form a circle. */
    private static final int DEEPEST = 20;

    private Failures() {}

    static String describe(Throwable failure) {
        String state = sqlState(failure);
        return failure.getClass().getName() + (state == null ? "" : " (SQLSTATE " + state + ")");
    }

    private static @Nullable String sqlState(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < DEEPEST; i++) {
            if (cause instanceof SQLException sql) {
                return sql.getSQLState();
            }
            cause = cause.getCause();
        }
        return null;
    }
}
