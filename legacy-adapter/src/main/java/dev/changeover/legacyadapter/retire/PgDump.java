package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own {@code pg_dump}, which writes the tables once more beside the rows, in the same snapshot and in its custom
 * format. It is used if it is as new as the server; whether it was, and why not, is said in the manifest. No shell starts
 * it, and its password is in its environment, where only its own user sees it.
 *
 * <p>Immutable.
 */
public final class PgDump {

    static final String FILE = "tables.dump";

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ([0-9]+)");

    private final @Nullable Path program;
    private final Map<String, String> environment;

    private PgDump(@Nullable Path program, Map<String, String> environment) {
        this.program = program;
        this.environment = environment;
    }

    /**
     * Returns a program of this name.
     *
     * @param program where it is
     * @param url the JDBC URL of the database that is backed up
     * @param user the role, or null where the URL or nobody says it
     * @param password its password, or null where the URL, a password file or nothing says it
     * @throws ConfigurationException if it cannot be executed
     */
    public static PgDump at(Path program, String url, @Nullable String user, @Nullable String password) {
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            throw new ConfigurationException(
                    program.toString(), "it is no program that can be started", "Name pg_dump, or leave it out");
        }
        return new PgDump(program.toAbsolutePath(), DumpEnvironment.of(url, user, password));
    }

    /**
     * Returns the first one in the directories of PATH. Where there is none, backups say so.
     *
     * @param path the value of the variable PATH; what is not absolute in it is passed over
     * @param url the JDBC URL of the database that is backed up
     * @param user the role, or null where the URL or nobody says it
     * @param password its password, or null where the URL, a password file or nothing says it
     */
    public static PgDump onPath(String path, String url, @Nullable String user, @Nullable String password) {
        for (String directory : path.split(Pattern.quote(File.pathSeparator), -1)) {
            Path program = Path.of(directory).resolve("pg_dump");
            if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                return at(program, url, user, password);
            }
        }
        return new PgDump(null, Map.of());
    }

    /** Writes the tables as the transaction of this connection sees them, or says why it did not. */
    BackupDump write(Connection connection, List<LegacyTable> tables, Path directory) throws SQLException, IOException {
        Path found = program;
        if (found == null) {
            return BackupDump.none("there is no pg_dump on PATH");
        }
        DumpProcess asked = DumpProcess.run(List.of(found.toString(), "--version"), environment);
        String said = asked.output() + ", " + found;
        Matcher version = VERSION.matcher(asked.output());
        int server = connection.getMetaData().getDatabaseMajorVersion();
        if (asked.exit() != 0 || !version.find()) {
            return BackupDump.none(said + ": it does not tell its version");
        } else if (Integer.parseInt(version.group(1)) < server) {
            return BackupDump.none(said + ": it is older than the server, which is " + server);
        }
        Path file = directory.resolve(FILE);
        DumpProcess dumped = DumpProcess.run(command(found, snapshot(connection), tables, file), environment);
        if (dumped.exit() != 0 || !Files.isRegularFile(file)) {
            Files.deleteIfExists(file);
            return BackupDump.none(said + ": it failed: " + dumped.output());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return new BackupDump(FILE, BackupReader.hash(file), said);
    }

    private static String snapshot(Connection connection) throws SQLException {
        return String.valueOf(Sql.text(connection, "SELECT pg_export_snapshot()"));
    }

    /** A name in quotes is no pattern. A server that is another one does not have the snapshot. */
    private static List<String> command(Path program, String snapshot, List<LegacyTable> tables, Path file) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--format=custom",
                "--no-password",
                "--strict-names",
                "--lock-wait-timeout=10000",
                "--snapshot=" + snapshot,
                "--file=" + file));
        tables.forEach(table -> command.add("--table=" + table.quoted()));
        return command;
    }
}
