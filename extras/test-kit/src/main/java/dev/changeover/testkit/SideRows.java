package dev.changeover.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rows of one side, each as the server writes its columns.
 *
 * @param rows the rows in their order, each with its table
 */
record SideRows(List<String> rows) {

    /** Reads all rows of these tables without the columns that do not count. */
    static SideRows of(Connection connection, List<String> tables, Set<String> without) throws SQLException {
        List<String> rows = new ArrayList<>();
        for (String table : tables) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
                while (result.next()) {
                    rows.add(table + row(result, without));
                }
            }
        }
        return new SideRows(rows.stream().sorted().toList());
    }

    private static String row(ResultSet result, Set<String> without) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String value = result.getString(i);
            if (!without.contains(columns.getColumnName(i))) {
                values.add(columns.getColumnName(i) + "=" + (value == null ? "NULL" : "'" + value + "'"));
            }
        }
        return values.toString();
    }

    /** Fails if there are other rows now. */
    void mustEqual(SideRows now, String what) {
        if (!rows.equals(now.rows)) {
            List<String> lines = new ArrayList<>();
            rows.stream().filter(row -> !now.rows.contains(row)).forEach(row -> lines.add("  before: " + row));
            now.rows.stream().filter(row -> !rows.contains(row)).forEach(row -> lines.add("  now:    " + row));
            throw new AssertionError(what + ":\n" + String.join("\n", lines));
        }
    }
}
