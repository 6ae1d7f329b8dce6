package dev.changeover.core.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds the constraints of a side that would otherwise speak only at the caller's commit, and fail it. */
public final class DeferredConstraints {

    private static final String SQL = """
            SELECT format('%I.%I', n.nspname, c.conname)
              FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
             WHERE c.condeferred AND c.conrelid = ANY (SELECT to_regclass(t) FROM unnest(?) t) ORDER BY 1""";

    private DeferredConstraints() {}

    /** Returns the quoted, qualified names of the initially deferred constraints of these tables. */
    public static List<String> of(Connection connection, List<String> tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        }
    }
}
