package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Counts what a restore would take away: the rows of the backup are put beside those of the tables, whole row by whole row. */
final class RestoreCounts {

    private final Connection connection;
    private final BackupReader reader;

    RestoreCounts(Connection connection, BackupReader reader) {
        this.connection = connection;
        this.reader = reader;
    }

    /** Returns a line for each table; all of them are there, or none is. */
    List<RestoredTable> all() throws SQLException, IOException {
        List<TableBackup> tables = reader.manifest().tables();
        List<RestoredTable> all = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            all.add(one(tables.get(i), "pg_temp.changeover_restore_" + i));
        }
        long there = all.stream().filter(RestoredTable::there).count();
        if (there != 0 && there != all.size()) {
            List<String> names = all.stream()
                    .filter(RestoredTable::there)
                    .map(RestoredTable::name)
                    .toList();
            throw new ConfigurationException(
                    String.join(", ", names), "only these tables of the backup are there", "Rename or drop them first");
        }
        return all;
    }

    private RestoredTable one(TableBackup table, String copy) throws SQLException, IOException {
        String kind = Sql.text(
                connection,
                "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(?)",
                table.quoted());
        if (kind == null) {
            return new RestoredTable(table.quoted(), false, table.rows(), 0, table.rows());
        } else if (!kind.equals("r")) {
            throw new ConfigurationException(
                    table.quoted(),
                    "what has this name is no plain table",
                    kind.equals("v")
                            ? "If it stands for a renamed table, give that its name back: changeover retire .. --step back"
                            : "Rename it first, or restore into another database");
        }
        if (Sql.number(connection, "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass(?)", table.quoted())
                > 0) {
            throw new ConfigurationException(
                    table.quoted(),
                    "other tables inherit from it, and would be emptied with it",
                    "Take them out of it first");
        }
        Sql.run(
                connection,
                List.of("CREATE TEMP TABLE " + copy.substring(copy.indexOf('.') + 1) + " ON COMMIT DROP AS SELECT "
                        + table.columnList() + " FROM " + table.quoted() + " WITH NO DATA"));
        reader.fill(connection, table, copy);
        return new RestoredTable(
                table.quoted(),
                true,
                table.rows(),
                without(there(table), saved(table, copy)),
                without(saved(table, copy), there(table)));
    }

    private long without(String rows, String others) throws SQLException {
        return Sql.number(connection, "SELECT count(*) FROM (" + rows + " EXCEPT ALL " + others + ") AS x");
    }

    /** Whole rows: what is in a column that the backup does not know goes with them. */
    private String there(TableBackup table) throws SQLException {
        return rows(table.columnList(), later(table), table.quoted());
    }

    private String saved(TableBackup table, String copy) throws SQLException {
        return rows(
                table.columnList(), later(table).stream().map(column -> "NULL").toList(), copy);
    }

    /** Some types can be written as text and not be compared. */
    private static String rows(String columns, List<String> later, String from) {
        String tail = later.stream().map(", "::concat).collect(Collectors.joining());
        return "SELECT md5(ROW(" + columns + tail + ")::text) FROM " + from;
    }

    private List<String> later(TableBackup table) throws SQLException {
        return Sql.texts(
                connection,
                "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0"
                        + " AND NOT attisdropped AND attgenerated = '' AND attname::text <> ALL (?) ORDER BY attnum",
                table.quoted(),
                Sql.array(connection, table.columns()));
    }
}
