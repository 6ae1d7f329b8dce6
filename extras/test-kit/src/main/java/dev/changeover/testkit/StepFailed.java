package dev.changeover.testkit;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A step of a session threw; the cause is what it threw. */
public final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    StepFailed(String session, Throwable cause) {
        super("Session " + session + ": " + cause.getMessage(), cause);
    }

    /** The SQL state of the cause, null if the cause is no SQL error. */
    public @Nullable String sqlState() {
        return getCause() instanceof SQLException e ? e.getSQLState() : null;
    }
}
