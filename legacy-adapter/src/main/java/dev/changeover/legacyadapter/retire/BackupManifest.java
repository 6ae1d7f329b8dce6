package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * What a backup holds. Its file is the last that is written, and ends with its own hash.
 *
 * @param repository the repository
 * @param epoch the epoch at which the backup was taken
 * @param server the version of the server
 * @param takenAt when, by the server's clock
 * @param retired {@code VIEW} or {@code RENAMED} if the tables had been renamed by then, else empty
 * @param schema the SHA-256 of the statements that make the tables again
 * @param dump what pg_dump has written beside the rows, or why it has not
 * @param tables the tables in the order in which they can be restored
 */
public record BackupManifest(
        String repository,
        long epoch,
        String server,
        Instant takenAt,
        String retired,
        String schema,
        BackupDump dump,
        List<TableBackup> tables) {

    static final String FILE = "manifest.properties";
    static final String SCHEMA = "schema.sql";
    private static final String SEAL = "#sha256=";

    /** Copies the tables. */
    public BackupManifest {
        tables = List.copyOf(tables);
    }

    String text() {
        Properties lines = new Properties();
        lines.setProperty("repository", repository);
        lines.setProperty("epoch", Long.toString(epoch));
        lines.setProperty("server", server);
        lines.setProperty("takenAt", takenAt.toString());
        lines.setProperty("retired", retired);
        lines.setProperty("schema", schema);
        lines.setProperty("dump.file", dump.file());
        lines.setProperty("dump.sha256", dump.sha256());
        lines.setProperty("dump.said", dump.said());
        lines.setProperty("tables", Integer.toString(tables.size()));
        for (int i = 0; i < tables.size(); i++) {
            put(lines, "table." + i + ".", tables.get(i));
        }
        StringWriter text = new StringWriter();
        try {
            lines.store(text, "a backup of legacy tables by Changeover");
        } catch (IOException e) {
            throw new IllegalStateException("A string takes everything", e);
        }
        return text + SEAL + hash(text.toString()) + "\n";
    }

    private static void put(Properties lines, String at, TableBackup table) {
        lines.setProperty(at + "schema", table.schema());
        lines.setProperty(at + "name", table.name());
        lines.setProperty(at + "file", table.file());
        lines.setProperty(at + "rows", Long.toString(table.rows()));
        lines.setProperty(at + "checksum", table.checksum());
        lines.setProperty(at + "sha256", table.sha256());
        lines.setProperty(at + "columns", Integer.toString(table.columns().size()));
        for (int i = 0; i < table.columns().size(); i++) {
            lines.setProperty(at + "column." + i, table.columns().get(i));
        }
    }

    /**
     * Reads the manifest of a backup.
     *
     * @throws ConfigurationException if there is none, or it is damaged
     */
    public static BackupManifest read(Path directory) {
        String text;
        try {
            text = Files.readString(directory.resolve(FILE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigurationException(
                    directory.toString(),
                    "it is no whole backup: there is no readable " + FILE,
                    "Name the directory of a backup; one whose name ends with .part was never finished");
        }
        int seal = text.lastIndexOf(SEAL);
        if (seal < 0 || !text.substring(seal).equals(SEAL + hash(text.substring(0, seal)) + "\n")) {
            throw damaged(directory.resolve(FILE), "its hash is not the one at its end");
        }
        return of(directory, text.substring(0, seal));
    }

    private static BackupManifest of(Path directory, String text) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(text));
            List<TableBackup> tables = new ArrayList<>();
            for (int i = 0; i < number(lines, "tables"); i++) {
                tables.add(table(lines, "table." + i + "."));
            }
            return new BackupManifest(
                    value(lines, "repository"),
                    number(lines, "epoch"),
                    value(lines, "server"),
                    Instant.parse(value(lines, "takenAt")),
                    value(lines, "retired"),
                    value(lines, "schema"),
                    new BackupDump(value(lines, "dump.file"), value(lines, "dump.sha256"), value(lines, "dump.said")),
                    tables);
        } catch (IOException | RuntimeException e) {
            throw damaged(directory.resolve(FILE), "it cannot be read");
        }
    }

    private static TableBackup table(Properties lines, String at) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < number(lines, at + "columns"); i++) {
            columns.add(value(lines, at + "column." + i));
        }
        return new TableBackup(
                value(lines, at + "schema"),
                value(lines, at + "name"),
                value(lines, at + "file"),
                columns,
                number(lines, at + "rows"),
                value(lines, at + "checksum"),
                value(lines, at + "sha256"));
    }

    private static String value(Properties lines, String name) {
        String value = lines.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }

    private static long number(Properties lines, String name) {
        return Long.parseLong(value(lines, name));
    }

    static ConfigurationException damaged(Path file, String how) {
        return new ConfigurationException(
                file.toString(), "the backup is damaged: " + how, "Take another backup, and keep this one out of use");
    }

    static String hash(String text) {
        return HexFormat.of().formatHex(RowDigest.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
