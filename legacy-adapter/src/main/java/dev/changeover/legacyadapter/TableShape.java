package dev.changeover.legacyadapter;

import dev.changeover.core.projection.ProjectedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A table as the mapping sees it. All names are as in the catalogue, unquoted.
 *
 * @param parent the column that holds the root's key; of a root, its key column
 * @param keyColumns what ON CONFLICT names
 * @param columns all mapped columns, the parent and the key included
 * @param lossy mapped columns whose present value may say more than the entity does
 * @param order by what the children of a root are sorted
 */
record TableShape(
        String schema,
        String table,
        String parent,
        List<String> keyColumns,
        List<String> columns,
        Set<String> lossy,
        List<String> order) {

    /** Returns the columns that an update may change. */
    List<String> updatable() {
        List<String> updatable = new ArrayList<>(columns);
        updatable.removeAll(keyColumns);
        return updatable;
    }

    /** Returns the name for people. */
    String name() {
        return schema + "." + table;
    }

    /** Returns the name for SQL. */
    String quoted() {
        return quote(schema) + "." + quote(table);
    }

    ProjectedTable projected() {
        return new ProjectedTable(table, quoted(), parent, keyColumns, columns, lossy);
    }

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Returns the columns of a table alias, separated by commas. */
    static String list(String alias, Collection<String> columns, String suffix) {
        return String.join(
                ", ",
                columns.stream().map(column -> alias + quote(column) + suffix).toList());
    }

    /** Returns quoted column names, separated by commas. */
    static String list(Collection<String> columns) {
        return list("", columns, "");
    }
}
