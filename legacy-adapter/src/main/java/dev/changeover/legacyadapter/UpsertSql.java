package dev.changeover.legacyadapter;

import static dev.changeover.legacyadapter.TableShape.list;
import static dev.changeover.legacyadapter.TableShape.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The writing statements of one table. The rows come as one JSON text, which the server converts to the table's own
 * row type; so one statement serves any number of rows, and no type has to be known here.
 */
final class UpsertSql {

    /** Begins the name of the JSON member that tells to leave a lossy column as it is. */
    static final String KEEP = "keep:";

    private final TableShape table;
    private final Map<String, String> revival;

    UpsertSql(TableShape table, Map<String, String> revival) {
        this.table = table;
        this.revival = revival;
    }

    Script upsert() {
        return ofRows(insert() + table.projected().onConflict(revival));
    }

    String insertMissing() {
        return insert() + " DO NOTHING RETURNING " + list("t.", table.keyColumns(), "::text");
    }

    /** Deletes the children of the given roots that are not among the given rows. */
    Script deleteVanished(String keyArray) {
        String text = "DELETE FROM " + table.quoted() + " AS t WHERE t." + quote(table.parent()) + " = " + keyArray
                + " AND NOT EXISTS (SELECT FROM json_populate_recordset(NULL::" + table.quoted()
                + ", ?::json) AS i WHERE (" + list("i.", table.keyColumns(), "") + ") = ("
                + list("t.", table.keyColumns(), "") + "))";
        return new Script(text, List.of(Script.Parameter.KEYS, new Script.Parameter(table)));
    }

    private String insert() {
        List<String> targets = new ArrayList<>(table.columns());
        targets.addAll(revival.keySet());
        // ids are copied, also into columns that the server would rather fill by itself
        return "INSERT INTO " + table.quoted() + " AS t (" + list(targets) + ") OVERRIDING SYSTEM VALUE SELECT "
                + String.join(", ", values()) + " FROM " + source() + " ON CONFLICT (" + list(table.keyColumns()) + ")";
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        table.columns().forEach(column -> values.add(value(column)));
        revival.values().forEach(value -> values.add("(" + value + ")"));
        return values;
    }

    private String value(String column) {
        String given = "i." + quote(column);
        if (!table.lossy().contains(column)) {
            return given;
        }
        String flag = "(j.v ->> '" + (KEEP + column).replace("'", "''") + "')::boolean";
        return "CASE WHEN " + flag + " THEN p." + quote(column) + " ELSE " + given + " END";
    }

    private String source() {
        if (table.lossy().isEmpty()) {
            return "json_populate_recordset(NULL::" + table.quoted() + ", ?::json) AS i";
        }
        return "json_array_elements(?::json) WITH ORDINALITY AS j (v, n) CROSS JOIN LATERAL json_populate_record(NULL::"
                + table.quoted() + ", j.v) AS i LEFT JOIN " + table.quoted() + " AS p ON ("
                + list("p.", table.keyColumns(), "") + ") = (" + list("i.", table.keyColumns(), "") + ") ORDER BY j.n";
    }

    private Script ofRows(String text) {
        return new Script(text, List.of(new Script.Parameter(table)));
    }
}
