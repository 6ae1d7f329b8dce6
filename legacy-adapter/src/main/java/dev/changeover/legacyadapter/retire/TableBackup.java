package dev.changeover.legacyadapter.retire;

import java.util.List;

/**
 * One table of a backup.
 *
 * @param schema its schema, unquoted
 * @param name its name, unquoted
 * @param file the name of its file
 * @param columns its columns in the order of the file, unquoted
 * @param rows how many rows there are
 * @param checksum the sum of a hash of each row, whatever their order
 * @param sha256 the hash of the file
 */
public record TableBackup(
        String schema, String name, String file, List<String> columns, long rows, String checksum, String sha256) {

    /** Copies the columns. */
    public TableBackup {
        columns = List.copyOf(columns);
    }

    String quoted() {
        return Sql.quote(schema) + "." + Sql.quote(name);
    }

    String columnList() {
        return String.join(", ", columns.stream().map(Sql::quote).toList());
    }
}
