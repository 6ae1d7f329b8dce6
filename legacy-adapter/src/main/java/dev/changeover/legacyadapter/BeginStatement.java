package dev.changeover.legacyadapter;

import dev.changeover.core.spi.TransactionSettings;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The first statement of a transaction. Nothing in it outlives the transaction. */
final class BeginStatement {

    private BeginStatement() {}

    /** Returns the statement, or an empty text if the defaults do. */
    static String of(TransactionSettings settings) {
        List<String> parts = new ArrayList<>();
        modes(settings, parts);
        Duration timeout = settings.timeout();
        if (timeout != null) {
            // zero would mean no limit at all
            parts.add("SET LOCAL statement_timeout = " + Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE)));
        }
        return String.join("; ", parts);
    }

    private static void modes(TransactionSettings settings, List<String> parts) {
        List<String> modes = new ArrayList<>();
        Integer isolation = settings.isolation();
        if (isolation != null) {
            modes.add("ISOLATION LEVEL " + level(isolation));
        }
        if (settings.readOnly()) {
            modes.add("READ ONLY");
        }
        if (!modes.isEmpty()) {
            parts.add("SET TRANSACTION " + String.join(", ", modes));
        }
    }

    private static String level(int isolation) {
        return switch (isolation) {
            case Connection.TRANSACTION_READ_UNCOMMITTED -> "READ UNCOMMITTED";
            case Connection.TRANSACTION_READ_COMMITTED -> "READ COMMITTED";
            case Connection.TRANSACTION_REPEATABLE_READ -> "REPEATABLE READ";
            case Connection.TRANSACTION_SERIALIZABLE -> "SERIALIZABLE";
            default ->
                throw new IllegalArgumentException("Isolation " + isolation
                        + " is not one of PostgreSQL's. Use a constant of java.sql.Connection");
        };
    }
}
