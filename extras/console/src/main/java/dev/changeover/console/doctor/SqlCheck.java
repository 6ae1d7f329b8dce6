package dev.changeover.console.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.connect.Database;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A check that is one query. Each of its rows says {@code verdict}, {@code found} and {@code remedy}; none says that all is
 * well.
 *
 * @param name its name
 * @param well what is so when all is well
 * @param sql the query
 */
record SqlCheck(String name, String well, String sql) {
    private static final int MOST = 10;

    List<Finding> look(Database database, @Nullable Object... values) {
        try {
            List<JsonNode> rows = database.rows(sql, values);
            List<Finding> findings = new ArrayList<>();
            rows.stream().limit(MOST).forEach(row -> findings.add(finding(row)));
            if (rows.size() > MOST) {
                findings.add(new Finding(
                        name, Finding.Verdict.WARN, (rows.size() - MOST) + " more of these", "See to the first ones"));
            }
            return rows.isEmpty() ? List.of(new Finding(name, Finding.Verdict.OK, well, "")) : findings;
        } catch (SQLException e) {
            return List.of(new Finding(
                    name,
                    Finding.Verdict.WARN,
                    "could not be looked at (SQL state " + e.getSQLState() + ")",
                    "changeover ddl --operator ROLE prints the grants that are needed"));
        }
    }

    private Finding finding(JsonNode row) {
        return new Finding(
                name,
                Finding.Verdict.valueOf(Json.text(row, "verdict")),
                Json.text(row, "found"),
                Json.text(row, "remedy"));
    }
}
