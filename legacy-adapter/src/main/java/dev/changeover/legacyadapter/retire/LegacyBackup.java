package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.control.SqlTransaction;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A backup of a few tables by COPY, in one snapshot: for each table a file, the statements that make the tables again,
 * and a manifest with counts and checksums. Rows are streamed, so memory does not grow with the tables. The directory has
 * its name only when all of it is on the disk.
 *
 * <pre>{@code
 * LegacyBackup backup = LegacyBackup.of(pool);
 * backup.write("users", List.of("public.users_old"), directory);
 * backup.check(directory); // restores it into a schema of its own, compares, and takes all of it back
 * backup.restore(directory); // the way back, when the tables were dropped
 * }</pre>
 *
 * <p>What {@code schema.sql} keeps of a table: columns with types, collations, defaults, identity and generation, the
 * sequences that it owns with their positions, constraints, indexes, triggers but for sentinels, row security, owner and
 * rights. What it does not: statistics objects, rules, storage settings, inheritance and partitions, publications,
 * replica identities, comments on columns, large objects, and views and functions that were built on the table. {@code pg_dump} keeps more: with
 * {@link #dumpedBy} it writes the tables beside, where there is one that fits the server.
 *
 * <p>Immutable.
 */
public final class LegacyBackup {

    private final DataSource dataSource;
    private final @Nullable PgDump dump;

    private LegacyBackup(DataSource dataSource, @Nullable PgDump dump) {
        this.dataSource = dataSource;
        this.dump = dump;
    }

    /** Returns backups on connections of this source, whose role may read all rows of the tables. */
    public static LegacyBackup of(DataSource dataSource) {
        return new LegacyBackup(dataSource, null);
    }

    /** Returns the same which also lets pg_dump write the tables, if it fits the server; the manifest says what was used. */
    public LegacyBackup dumpedBy(PgDump program) {
        return new LegacyBackup(dataSource, program);
    }

    /**
     * Writes a backup.
     *
     * @param repository whose tables they are; for the manifest
     * @param tables the tables as SQL names them, qualified
     * @param directory where it will be; it must not be there yet
     * @return what was written
     * @throws ChangeoverException if it cannot be written; what was written is in a directory with {@code .part} at its
     *     end of the name
     */
    public BackupManifest write(String repository, List<String> tables, Path directory) {
        try {
            String lock = SqlTransaction.readCommitted(dataSource, connection -> lock(connection, repository, tables));
            BackupFiles files = new BackupFiles(directory);
            BackupManifest manifest = SqlTransaction.snapshot(dataSource, connection -> {
                Sql.run(connection, Restore.LIMITS);
                Sql.run(connection, List.of(lock));
                try {
                    return write(connection, repository, tables, files);
                } catch (IOException e) {
                    throw failed("written", e);
                }
            });
            files.finish();
            return manifest;
        } catch (SQLException | IOException e) {
            throw failed("written", e);
        }
    }

    /** A table that is rewritten or truncated looks empty to an older snapshot, so the locks come before the snapshot. */
    private static String lock(Connection connection, String repository, List<String> names) throws SQLException {
        if (names.isEmpty()) {
            throw new ConfigurationException(
                    repository, "it has no legacy tables to back up", "They were dropped, or it never named any");
        }
        return LegacyTable.find(connection, names).stream()
                .map(LegacyTable::quoted)
                .collect(Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS SHARE MODE"));
    }

    private BackupManifest write(Connection connection, String repository, List<String> names, BackupFiles files)
            throws SQLException, IOException {
        List<LegacyTable> tables = ordered(connection, LegacyTable.find(connection, names));
        String script = new LegacyDdl(connection).script(tables);
        write(files, BackupManifest.SCHEMA, script);
        List<TableBackup> written = new ArrayList<>();
        for (LegacyTable table : tables) {
            written.add(rows(connection, table, files, written.size()));
        }
        String at =
                Sql.text(connection, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        BackupManifest manifest = new BackupManifest(
                repository,
                epoch(connection, repository),
                String.valueOf(Sql.text(connection, "SELECT current_setting('server_version')")),
                Instant.parse(String.valueOf(at)),
                retired(connection, repository),
                BackupManifest.hash(script),
                dump == null
                        ? BackupDump.none("nobody asked for pg_dump")
                        : dump.write(connection, tables, files.directory()),
                written);
        write(files, BackupManifest.FILE, manifest.text());
        return manifest;
    }

    private static long epoch(Connection connection, String repository) throws SQLException {
        if (Sql.text(connection, "SELECT to_regclass('changeover.repository')") == null) {
            return 0;
        }
        return Sql.number(connection, "SELECT epoch FROM changeover.repository WHERE name = ?", repository);
    }

    private static String retired(Connection connection, String repository) throws SQLException {
        if (Sql.text(connection, "SELECT to_regclass('changeover.repository')") == null) {
            return "";
        }
        String retired = Sql.text(connection, "SELECT retired FROM changeover.repository WHERE name = ?", repository);
        return retired == null ? "" : retired;
    }

    /** A table comes after those that its foreign keys name; in a circle the order does not matter. */
    static List<LegacyTable> ordered(Connection connection, List<LegacyTable> tables) throws SQLException {
        List<LegacyTable> left = new ArrayList<>(tables);
        List<LegacyTable> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            LegacyTable next = left.get(0);
            for (LegacyTable candidate : left) {
                if (parents(connection, candidate, left) == 0) {
                    next = candidate;
                    break;
                }
            }
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private static long parents(Connection connection, LegacyTable table, List<LegacyTable> among) throws SQLException {
        String oids = among.stream()
                .map(each -> Long.toString(each.oid()))
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        return Sql.number(
                connection,
                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = ?::oid AND confrelid <> conrelid"
                        + " AND confrelid::bigint = ANY (string_to_array(?, ',')::bigint[])",
                table.oid(),
                oids);
    }

    private static TableBackup rows(Connection connection, LegacyTable table, BackupFiles files, int number)
            throws SQLException, IOException {
        List<String> columns = Sql.texts(
                connection,
                "SELECT attname FROM pg_attribute WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped"
                        + " AND attgenerated = '' ORDER BY attnum",
                table.oid());
        String file = number + ".copy";
        TableBackup backup = new TableBackup(table.schema(), table.name(), file, columns, 0, "", "");
        TableStream stream = new TableStream();
        try (OutputStream out = files.create(file)) {
            stream.read(
                    connection, "COPY (SELECT " + backup.columnList() + " FROM " + table.quoted() + ") TO STDOUT", out);
        }
        return new TableBackup(
                table.schema(),
                table.name(),
                file,
                columns,
                stream.rows().rows(),
                stream.rows().checksum(),
                stream.sha256());
    }

    private static void write(BackupFiles files, String name, String text) throws IOException {
        try (OutputStream out = files.create(name)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Restores a backup into a schema of its own, compares counts and checksums with the manifest, and takes all of it
     * back: nothing is left of it, also when the process dies. Needs the tables, whose shape it takes, and room for a copy.
     *
     * @return what the backup holds
     * @throws dev.changeover.core.ConfigurationException if the backup is damaged or does not hold what it should
     */
    public BackupManifest check(Path directory) {
        return new Restore(dataSource, directory).check();
    }

    /**
     * Makes the tables again and fills them, in one transaction. They must not be there. What was written since the backup
     * was taken is not in it.
     *
     * @return what was restored
     * @throws dev.changeover.core.ConfigurationException if the backup is damaged, or a table is there
     */
    public BackupManifest restore(Path directory) {
        return new Restore(dataSource, directory).run();
    }

    static ChangeoverException failed(String what, Exception e) {
        return new ChangeoverException("The backup was not " + what + ": " + e.getMessage(), e);
    }
}
