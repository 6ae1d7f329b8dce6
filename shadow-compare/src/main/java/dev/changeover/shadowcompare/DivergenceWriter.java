package dev.changeover.shadowcompare;

import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stores groups exactly once. If a commit gives no reply, its transaction is asked for before the same groups are sent
 * again. Not thread-safe.
 */
final class DivergenceWriter {
    private static final String RECORD =
            "SELECT pg_current_xact_id()::text FROM changeover.record_divergences(?::jsonb, ?::jsonb)";

    /** After a failover the number may be one that has not been given out yet, and asking for it would be an error. */
    private static final String COMMITTED = """
            SELECT CASE WHEN x.id < pg_snapshot_xmax(pg_current_snapshot()) THEN pg_xact_status(x.id) END
              FROM (SELECT ?::text::xid8) x (id)
            """;

    private static final String LIMITS = "SET LOCAL statement_timeout = 30000; SET LOCAL lock_timeout = 10000";

    private final DataSource dataSource;

    /** The transaction of an attempt whose end is not known. */
    private @Nullable String inDoubt;

    DivergenceWriter(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Stores them; after a failure this is to be called again with the same. */
    void store(DivergenceGroups groups) throws SQLException {
        SqlTransaction.readCommitted(dataSource, connection -> {
            if (inDoubt == null || !committed(connection, inDoubt)) {
                inDoubt = null;
                inDoubt = record(connection, groups);
            }
            return true;
        });
        inDoubt = null;
    }

    private static String record(Connection connection, DivergenceGroups groups) throws SQLException {
        try (Statement limits = connection.createStatement()) {
            limits.execute(LIMITS);
        }
        try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
            statement.setString(1, DivergenceJson.groups(groups));
            statement.setString(2, DivergenceJson.shed(groups));
            return single(statement);
        }
    }

    /** What is still in progress is not waited for here: the failure leads to another attempt. */
    private static boolean committed(Connection connection, String transaction) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COMMITTED)) {
            statement.setString(1, transaction);
            String status = single(statement);
            if ("in progress".equals(status)) {
                throw new SQLException("transaction " + transaction + ", which stores divergences, has not ended yet");
            }
            return "committed".equals(status);
        }
    }

    private static String single(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
