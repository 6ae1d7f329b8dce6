package dev.changeover.legacyadapter.retire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Reads the files of a backup, and believes nothing that it cannot compare. */
final class BackupReader {

    private static final int BUFFER = 1 << 16;

    private final Path directory;
    private final BackupManifest manifest;

    BackupReader(Path directory) {
        this.directory = directory;
        this.manifest = BackupManifest.read(directory);
    }

    BackupManifest manifest() {
        return manifest;
    }

    /** Returns the statements before the rows and those after them. */
    String[] script() throws IOException {
        Path file = directory.resolve(BackupManifest.SCHEMA);
        String script = Files.readString(file, StandardCharsets.UTF_8);
        if (!BackupManifest.hash(script).equals(manifest.schema())) {
            throw BackupManifest.damaged(file, "its hash is not that of the manifest");
        }
        return script.split(LegacyDdl.ROWS + "\n", 2);
    }

    /** Reads what pg_dump has written, too, which nothing else here does. */
    void compareDump() throws IOException {
        if (manifest.dump().written()) {
            Path file = directory.resolve(manifest.dump().file());
            if (!hash(file).equals(manifest.dump().sha256())) {
                throw BackupManifest.damaged(file, "its hash is not that of the manifest");
            }
        }
    }

    static String hash(Path file) throws IOException {
        MessageDigest digest = RowDigest.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Copies the rows in, and out again to see that they are there as they were. */
    void fill(Connection connection, TableBackup table, String target) throws SQLException, IOException {
        Path file = directory.resolve(table.file());
        TableStream sent = send(connection, table, target, file);
        if (sent.rows().isCutOff() || sent.rows().rows() != table.rows()) {
            throw BackupManifest.damaged(
                    file, sent.rows().rows() + " rows instead of " + table.rows() + " for " + table.quoted());
        } else if (!sent.sha256().equals(table.sha256())) {
            throw BackupManifest.damaged(file, "its hash is not that of the manifest");
        }
        TableStream found = new TableStream();
        found.read(
                connection,
                "COPY (SELECT " + table.columnList() + " FROM " + target + ") TO STDOUT",
                OutputStream.nullOutputStream());
        if (found.rows().rows() != table.rows() || !found.rows().checksum().equals(table.checksum())) {
            throw BackupManifest.damaged(
                    file,
                    "restored, " + table.quoted() + " has " + found.rows().rows()
                            + " rows, and they are not those that were written (" + table.rows() + ")");
        }
    }

    private static TableStream send(Connection connection, TableBackup table, String target, Path file)
            throws SQLException, IOException {
        TableStream sent = new TableStream();
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + target + " (" + table.columnList() + ") FROM STDIN");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sent.add(buffer, read);
                copy.writeToCopy(buffer, 0, read);
            }
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        return sent;
    }
}
