package dev.changeover.core.request;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.internal.Redacted;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** What a failure means for a request. */
final class RequestFailure {

    private RequestFailure() {}

    /** Tells whether the database was away, so that the request is to be begun again rather than to fail. */
    static boolean databaseAway(Throwable failure) {
        SQLException sql = sql(failure);
        String state = sql == null ? "" : String.valueOf(sql.getSQLState());
        return sql instanceof SQLTransientConnectionException
                || sql instanceof SQLNonTransientConnectionException
                || sql instanceof SQLRecoverableException
                || state.startsWith("08")
                || state.startsWith("57P0");
    }

    /** Tells whether its message is one of this library's, which names the remedy. */
    static boolean saysItself(Throwable failure) {
        return failure instanceof ChangeoverException && !quotesRows(failure);
    }

    /** Returns the message, or as much of it as shows no value of a row. */
    static String message(Throwable failure) {
        SQLException sql = sql(failure);
        return sql != null && quotesRows(failure) ? Redacted.message(sql) : Redacted.message(failure);
    }

    /** The server quotes the values that violate a constraint or do not fit a type. */
    private static boolean quotesRows(Throwable failure) {
        SQLException sql = sql(failure);
        String state = sql == null ? "" : String.valueOf(sql.getSQLState());
        return state.startsWith("22") || state.startsWith("23");
    }

    private static @Nullable SQLException sql(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                return e;
            }
        }
        return null;
    }
}
