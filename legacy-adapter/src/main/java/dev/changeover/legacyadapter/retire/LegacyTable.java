package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as the catalogue has it now.
 *
 * @param oid its number, which a rename does not change
 * @param schema its schema, unquoted
 * @param name its name, unquoted
 */
record LegacyTable(long oid, String schema, String name) {

    private static final String FIND = """
            SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = to_regclass(?)""";

    /**
     * Looks tables up.
     *
     * @param names as SQL would name them: qualified, and quoted where that is needed
     */
    static List<LegacyTable> find(Connection connection, List<String> names) throws SQLException {
        List<LegacyTable> tables = new ArrayList<>();
        for (String name : names) {
            tables.add(find(connection, name));
        }
        return tables;
    }

    private static LegacyTable find(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new ConfigurationException(name, "there is no such table", "Name it as schema.table");
                }
                String kind = rows.getString(4);
                if (!kind.equals("r") && !kind.equals("p")) {
                    throw new ConfigurationException(
                            name, "it is no table (relkind " + kind + ")", "Name the table itself");
                }
                return new LegacyTable(rows.getLong(1), rows.getString(2), rows.getString(3));
            }
        }
    }

    LegacyTable named(String other) {
        return new LegacyTable(oid, schema, other);
    }

    String quoted() {
        return Sql.quote(schema) + "." + Sql.quote(name);
    }
}
