package dev.changeover.newadapter;

import dev.changeover.core.ChangeoverException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Builds indexes without making writers wait. */
public final class Indexes {

    private Indexes() {}

    /**
     * Creates an index with CONCURRENTLY, unless it is there and valid. An attempt that fails leaves an INVALID index,
     * which costs every write and serves no read; such a left-over, also of an earlier run, is dropped, and the index is
     * tried once more. The definition of an index that is there is not compared.
     *
     * @param connection outside any transaction, in auto-commit mode
     * @param index the index, in the schema of its table
     * @param definition what follows the name of the table, such as {@code (email) WHERE deleted_at IS NULL}
     * @return whether the index was created by this call
     * @throws ChangeoverException if the connection is in a transaction, or both attempts failed
     */
    public static boolean createConcurrently(
            Connection connection, QualifiedName index, String table, String definition) throws SQLException {
        return create(connection, "INDEX", index, table, definition);
    }

    /** As {@link #createConcurrently}, with a unique index; duplicates are a {@link ChangeoverException}. */
    public static boolean createUniqueConcurrently(
            Connection connection, QualifiedName index, String table, String definition) throws SQLException {
        return create(connection, "UNIQUE INDEX", index, table, definition);
    }

    private static boolean create(
            Connection connection, String kind, QualifiedName index, String table, String definition)
            throws SQLException {
        requireAutoCommit(connection, index);
        Boolean valid = isValid(connection, index);
        if (valid != null && valid) {
            return false;
        }
        String sql = "CREATE " + kind + " CONCURRENTLY " + QualifiedName.quote(index.name()) + " ON "
                + QualifiedName.of(index.schema(), table).quoted() + " " + definition;
        dropLeftOver(connection, index);
        try {
            run(connection, sql);
        } catch (SQLException first) {
            retry(connection, index, sql, first);
        }
        return true;
    }

    /** A deadlock or a timeout may be over at the second attempt; duplicates and bad definitions are not. */
    private static void retry(Connection connection, QualifiedName index, String sql, SQLException first)
            throws SQLException {
        try {
            dropLeftOver(connection, index);
            if (isPassing(first)) {
                run(connection, sql);
                return;
            }
        } catch (SQLException second) {
            first.addSuppressed(second);
            dropQuietly(connection, index, first);
        }
        throw new ChangeoverException(
                "Index " + index + " could not be built (" + first.getSQLState() + "), no left-over remains unless said"
                        + " otherwise. With 23505 mend the duplicates, with 55P03 or 57014 end long transactions on the"
                        + " table, then call again",
                first);
    }

    private static boolean isPassing(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("40") || state.equals("55P03") || state.equals("57014");
    }

    private static void dropQuietly(Connection connection, QualifiedName index, SQLException first) {
        try {
            dropLeftOver(connection, index);
        } catch (SQLException e) {
            first.addSuppressed(e);
        }
    }

    private static void dropLeftOver(Connection connection, QualifiedName index) throws SQLException {
        Boolean valid = isValid(connection, index);
        if (valid != null && !valid) {
            run(connection, "DROP INDEX CONCURRENTLY " + index.quoted());
        }
    }

    private static void requireAutoCommit(Connection connection, QualifiedName index) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new ChangeoverException("Index " + index
                    + " cannot be built concurrently inside a transaction. Give a" + " connection in auto-commit mode");
        }
    }

    /** Tells whether the index serves, or null if there is none. One that is being built elsewhere is not valid yet. */
    private static @Nullable Boolean isValid(Connection connection, QualifiedName index) throws SQLException {
        String sql = "SELECT i.indisvalid FROM pg_catalog.pg_index AS i WHERE i.indexrelid = to_regclass(?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, index.quoted());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? (Boolean) result.getBoolean(1) : null;
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
