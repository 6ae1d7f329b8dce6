package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import java.sql.SQLException;

/** What may be stored of a failure: the server's details quote values of rows, so only the state and type remain. */
public final class Redacted {

    private Redacted() {}

    /** Returns the message of this library's own exceptions, and the state or the type of others. */
    public static String message(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                return "SQLSTATE " + e.getSQLState() + constraint(e);
            }
            if (t instanceof ChangeoverException) {
                return String.valueOf(t.getMessage());
            }
        }
        return failure.getClass().getName();
    }

    /** The name of a constraint is schema, not data. */
    private static String constraint(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int at = message.indexOf("constraint \"");
        int end = at < 0 ? -1 : message.indexOf('"', at + 12);
        return end < 0 ? "" : ", " + message.substring(at, end + 1);
    }
}
