package dev.changeover.newadapter;

import dev.changeover.core.ChangeoverException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps the ids that the two sides generate apart. Copied rows bring their ids with them, so a sequence of the new side
 * knows nothing of them until it is told. All names are as the catalogue spells them, without quotes.
 */
public final class Sequences {

    private Sequences() {}

    /**
     * Makes a column take its default from a sequence of the other side, so that both sides draw from one. This is the
     * safe choice while both sides are written. The sequence keeps its owner: before the old table is dropped, free
     * it with {@link #free}, or the drop is refused.
     *
     * @throws ChangeoverException if the column is an identity column, which has a sequence of its own
     */
    public static void share(Connection connection, QualifiedName sequence, QualifiedName table, String column)
            throws SQLException {
        if (isIdentity(connection, table, column)) {
            throw new ChangeoverException(table + "." + column + " is an identity column and cannot take another"
                    + " sequence. Drop the identity first (ALTER COLUMN .. DROP IDENTITY), or use Sequences.align");
        }
        run(
                connection,
                "ALTER TABLE " + table.quoted() + " ALTER COLUMN " + QualifiedName.quote(column)
                        + " SET DEFAULT nextval('" + sequence.quoted().replace("'", "''") + "'::regclass)");
    }

    /**
     * Frees a sequence from the column that owns it, so that it outlives the old table. (A column can own a sequence of
     * its own schema only.)
     */
    public static void free(Connection connection, QualifiedName sequence) throws SQLException {
        run(connection, "ALTER SEQUENCE " + sequence.quoted() + " OWNED BY NONE");
    }

    /**
     * Moves the new sequence above the legacy one, never back. Ids that legacy draws afterwards are not known to it:
     * repeat this before the new side begins to generate ids, or choose a margin above what legacy draws meanwhile.
     *
     * @param margin how many ids to leave free above the legacy side's last one, at least 0
     * @return the last value that the new sequence counts as drawn
     * @throws ChangeoverException if the new sequence does not ascend, or its maximum leaves no room
     */
    public static long align(Connection connection, QualifiedName legacy, QualifiedName next, long margin)
            throws SQLException {
        if (margin < 0) {
            throw new IllegalArgumentException("The margin is " + margin + ". Choose 0 or more");
        }
        requireRoom(connection, legacy, next, margin);
        String sql = "SELECT setval(?::regclass, greatest(l.last_value + ?, n.last_value), true) FROM "
                + legacy.quoted() + " AS l, " + next.quoted() + " AS n";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, next.quoted());
            statement.setLong(2, margin);
            return onlyLong(statement);
        }
    }

    private static void requireRoom(Connection connection, QualifiedName legacy, QualifiedName next, long margin)
            throws SQLException {
        String sql =
                "SELECT (s.seqincrement > 0 AND s.seqmax - ? > l.last_value)::int FROM pg_catalog.pg_sequence AS s, "
                        + legacy.quoted() + " AS l WHERE s.seqrelid = ?::regclass";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, margin);
            statement.setString(2, next.quoted());
            if (onlyLong(statement) == 0) {
                throw new ChangeoverException(
                        next + " cannot be moved above " + legacy + ": it descends, or its maximum is"
                                + " too low. Alter it (AS bigint, MAXVALUE), or choose a smaller margin");
            }
        }
    }

    private static boolean isIdentity(Connection connection, QualifiedName table, String column) throws SQLException {
        String sql = "SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = ?::regclass AND attname = ?"
                + " AND attidentity <> ''";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.quoted());
            statement.setString(2, column);
            return onlyLong(statement) > 0;
        }
    }

    private static long onlyLong(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
