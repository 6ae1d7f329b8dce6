package dev.changeover.legacyadapter;

import dev.changeover.core.ConfigurationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.AutoSave;

/** What the driver must be set to, and what it knows about a transaction. */
final class DriverSettings {

    private static final String SILENT = "raiseexceptiononsilentrollback=false";

    private DriverSettings() {}

    /**
     * A failed statement must fail its transaction: a rejected write or mark would else be missing from a transaction
     * that commits. {@code autosave=always} undoes such a statement and goes on. {@code conservative} only undoes a
     * statement that the server could not even plan any more (0A000, 26000) and then repeats it, so it is accepted.
     */
    static void check(Connection connection) throws SQLException {
        if (!connection.isWrapperFor(PGConnection.class)) {
            throw refused("connection", "is not one of the PostgreSQL driver", "Use org.postgresql.Driver");
        }
        if (connection.unwrap(PGConnection.class).getAutosave() == AutoSave.ALWAYS) {
            throw refused(
                    "autosave",
                    "with 'always' the driver undoes a failed statement and lets the transaction commit without it",
                    "Set autosave=never (the default) or autosave=conservative");
        }
        String url = connection.getMetaData().getURL();
        if (url != null && url.toLowerCase(Locale.ROOT).contains(SILENT)) {
            throw refused(
                    "raiseExceptionOnSilentRollback",
                    "with 'false' a commit that the server turned into a rollback looks like a success",
                    "Remove the setting from the JDBC URL");
        }
    }

    /** Tells whether a statement failed, so that the server rolls back whatever is asked of it. */
    static boolean hasFailed(Connection connection) throws SQLException {
        return connection.isWrapperFor(BaseConnection.class)
                && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED;
    }

    private static ConfigurationException refused(String path, String problem, String remedy) {
        return new ConfigurationException("jdbc." + path, problem, remedy);
    }
}
