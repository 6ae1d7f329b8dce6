package dev.changeover.core.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the constraints that would otherwise speak only at the caller's commit, and fail it: those of the tables of a
 * side, and foreign keys of any table that refer to them. Initially immediate ones are among them, because the caller
 * may have said {@code SET CONSTRAINTS ALL DEFERRED}.
 */
public final class DeferredConstraints {

    private static final String SQL = """
            SELECT format('%I.%I', n.nspname, c.conname), bool_or(c.condeferred)
              FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace,
                   LATERAL (SELECT array_agg(t::regclass::oid) tables FROM unnest(?) t) side
             WHERE c.condeferrable AND (c.conrelid = ANY (side.tables) OR c.confrelid = ANY (side.tables))
             GROUP BY 1 ORDER BY 1""";

    private DeferredConstraints() {}

    /**
     * Returns the statements that make these constraints speak and then put back what is initially deferred; none if
     * there are no such constraints. (A constraint that only the caller deferred stays immediate: nothing tells that it
     * was.)
     */
    public static List<String> of(Connection connection, List<String> tables) throws SQLException {
        List<String> all = new ArrayList<>();
        List<String> deferred = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(rows.getString(1));
                    if (rows.getBoolean(2)) {
                        deferred.add(rows.getString(1));
                    }
                }
            }
        }
        List<String> statements = new ArrayList<>();
        if (!all.isEmpty()) {
            statements.add("SET CONSTRAINTS " + String.join(", ", all) + " IMMEDIATE");
        }
        if (!deferred.isEmpty()) {
            statements.add("SET CONSTRAINTS " + String.join(", ", deferred) + " DEFERRED");
        }
        return statements;
    }
}
