package dev.changeover.core.projection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table of an entity. Columns are spelt as in the catalogue, unquoted.
 *
 * @param name its name as a person calls it in a declaration
 * @param quoted its qualified name for SQL
 * @param parent the column that holds the root's key; of a root, its key column
 * @param keyColumns what ON CONFLICT names
 * @param columns all mapped columns, the parent and the key included
 * @param lossy mapped columns whose present value may say more than the entity does
 */
public record ProjectedTable(
        String name, String quoted, String parent, List<String> keyColumns, List<String> columns, Set<String> lossy) {

    List<String> updatable() {
        List<String> updatable = new ArrayList<>(columns);
        updatable.removeAll(keyColumns);
        return updatable;
    }

    /**
     * Returns what follows the target of ON CONFLICT: an update of the rows that differ. Rows have the alias {@code t}.
     *
     * @param revival columns and the SQL expressions that make an entity present again
     */
    public String onConflict(Map<String, String> revival) {
        List<String> settings = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        updatable().forEach(column -> {
            settings.add(quote(column) + " = excluded." + quote(column));
            changes.add(differs(column, "excluded." + quote(column)));
        });
        revival.forEach((column, value) -> {
            settings.add(quote(column) + " = " + value);
            changes.add(differs(column, "(" + value + ")"));
        });
        return settings.isEmpty()
                ? " DO NOTHING"
                : " DO UPDATE SET " + String.join(", ", settings) + " WHERE " + String.join(" OR ", changes);
    }

    /** Compared as text: some types have no equality (json), and for others equal values read differently (citext). */
    private static String differs(String column, String value) {
        return "t." + quote(column) + "::text IS DISTINCT FROM " + value + "::text";
    }

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static String list(String alias, Collection<String> columns) {
        return String.join(
                ", ", columns.stream().map(column -> alias + quote(column)).toList());
    }
}
