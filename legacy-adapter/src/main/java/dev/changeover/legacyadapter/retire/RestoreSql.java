package dev.changeover.legacyadapter.retire;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements of a restore into tables that are there. They keep their shape and what was built on them; triggers rest,
 * so that no row changes on its way and sentinels say nothing, and are as they were afterwards.
 */
final class RestoreSql {

    private static final String TRIGGERS = """
            SELECT format('ALTER TABLE %s %s TRIGGER %I', t.tgrelid::regclass,
                          CASE t.tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'A' THEN 'ENABLE ALWAYS'
                                           WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'DISABLE' END, t.tgname)
              FROM pg_trigger t WHERE t.tgrelid = to_regclass(?) AND NOT t.tgisinternal ORDER BY t.tgname""";

    private RestoreSql() {}

    static String names(BackupManifest manifest) {
        return manifest.tables().stream().map(TableBackup::quoted).collect(Collectors.joining(", "));
    }

    static String lock(BackupManifest manifest) {
        return "LOCK TABLE " + names(manifest) + " IN ACCESS EXCLUSIVE MODE";
    }

    /** What empties them. A table that refers to them and is not in the backup is an error that names it. */
    static List<String> before(BackupManifest manifest) {
        List<String> statements = new ArrayList<>();
        for (TableBackup table : manifest.tables()) {
            statements.add("ALTER TABLE " + table.quoted() + " DISABLE TRIGGER USER");
        }
        statements.add("TRUNCATE TABLE " + names(manifest));
        return statements;
    }

    /** What wakes the triggers again that are awake now. */
    static List<String> after(Connection connection, BackupManifest manifest) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (TableBackup table : manifest.tables()) {
            statements.addAll(Sql.texts(connection, TRIGGERS, table.quoted()));
        }
        return statements;
    }

    /** All of it as text; what is copied from a file is a comment. */
    static String script(Connection connection, BackupReader reader, boolean there) throws SQLException, IOException {
        StringBuilder text = new StringBuilder("BEGIN;\n");
        BackupManifest manifest = reader.manifest();
        if (there) {
            text.append(lock(manifest)).append(";\n").append(lines(before(manifest)));
        } else {
            text.append(reader.script()[0]);
        }
        for (TableBackup table : manifest.tables()) {
            text.append("-- COPY %s (%s) FROM %s: %d rows%n"
                    .formatted(table.quoted(), table.columnList(), table.file(), table.rows()));
        }
        text.append(there ? lines(after(connection, manifest)) : reader.script()[1]);
        return text.append("COMMIT;\n").toString();
    }

    private static String lines(List<String> statements) {
        return statements.stream().map(statement -> statement + ";\n").collect(Collectors.joining());
    }
}
