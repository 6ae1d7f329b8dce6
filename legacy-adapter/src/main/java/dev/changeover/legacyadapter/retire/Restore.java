package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.control.SqlTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Reads a backup back, and believes nothing that it cannot compare. */
final class Restore {

    private static final int BUFFER = 1 << 16;

    private final DataSource dataSource;
    private final Path directory;
    private final BackupManifest manifest;

    Restore(DataSource dataSource, Path directory) {
        this.dataSource = dataSource;
        this.directory = directory;
        this.manifest = BackupManifest.read(directory);
    }

    BackupManifest check() {
        return inTransaction(connection -> {
            String scratch = Sql.quote(
                    "changeover_restore_" + UUID.randomUUID().toString().replace("-", ""));
            Sql.run(connection, List.of("CREATE SCHEMA " + scratch));
            for (int i = 0; i < manifest.tables().size(); i++) {
                TableBackup table = manifest.tables().get(i);
                String copy = scratch + ".t" + i;
                Sql.run(connection, List.of("CREATE TABLE " + copy + " (LIKE " + table.quoted() + " INCLUDING ALL)"));
                fill(connection, table, copy);
            }
            connection.rollback();
            return manifest;
        });
    }

    BackupManifest run() {
        return inTransaction(connection -> {
            refuseWhatIsThere(connection);
            String[] script =
                    Files.readString(directory.resolve(BackupManifest.SCHEMA)).split(LegacyDdl.ROWS + "\n", 2);
            Sql.run(connection, List.of(script[0]));
            for (TableBackup table : manifest.tables()) {
                fill(connection, table, table.quoted());
            }
            Sql.run(connection, List.of(script[1]));
            return manifest;
        });
    }

    private void refuseWhatIsThere(Connection connection) throws SQLException {
        for (TableBackup table : manifest.tables()) {
            if (Sql.text(connection, "SELECT to_regclass(?)", table.quoted()) != null) {
                throw new ConfigurationException(
                        table.quoted(), "it is there", "Rename it first, or restore into another database");
            }
        }
    }

    /** Copies the rows in, and out again to see that they are there as they were. */
    private void fill(Connection connection, TableBackup table, String target) throws SQLException, IOException {
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

    /** What is done in the transaction. */
    private interface Work {
        BackupManifest on(Connection connection) throws SQLException, IOException;
    }

    private BackupManifest inTransaction(Work work) {
        try {
            return SqlTransaction.readCommitted(dataSource, connection -> {
                Sql.run(connection, List.of(TableStream.SETTINGS, "SET LOCAL idle_in_transaction_session_timeout = 0"));
                try {
                    return work.on(connection);
                } catch (IOException e) {
                    throw LegacyBackup.failed("restored", e);
                }
            });
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /** Values that the server does not take are damage; the message of the server may quote them, and is left out. */
    private RuntimeException unreadable(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("22") || state.startsWith("23")) {
            return BackupManifest.damaged(directory, "the server does not take its rows (SQLSTATE " + state + ")");
        }
        return LegacyBackup.failed("restored", e);
    }
}
