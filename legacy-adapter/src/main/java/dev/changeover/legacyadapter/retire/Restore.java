package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.control.SqlTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Restores a backup into a schema of its own to compare it, or as the tables that it was taken of. */
final class Restore {

    /** A long COPY must not be ended half-way, nor what comes before it wait for ever. */
    static final List<String> LIMITS =
            List.of(TableStream.SETTINGS, "SET LOCAL idle_in_transaction_session_timeout = 0");

    private final DataSource dataSource;
    private final Path directory;
    private final BackupReader reader;

    Restore(DataSource dataSource, Path directory) {
        this.dataSource = dataSource;
        this.directory = directory;
        this.reader = new BackupReader(directory);
    }

    BackupManifest check() {
        return inTransaction(connection -> {
            reader.script();
            reader.compareDump();
            String scratch = Sql.quote(
                    "changeover_restore_" + UUID.randomUUID().toString().replace("-", ""));
            Sql.run(connection, List.of("CREATE SCHEMA " + scratch));
            List<TableBackup> tables = reader.manifest().tables();
            for (int i = 0; i < tables.size(); i++) {
                TableBackup table = tables.get(i);
                String copy = scratch + ".t" + i;
                Sql.run(connection, List.of("CREATE TABLE " + copy + " (LIKE " + table.quoted() + " INCLUDING ALL)"));
                reader.fill(connection, table, copy);
            }
            connection.rollback();
            return reader.manifest();
        });
    }

    BackupManifest run() {
        return inTransaction(connection -> {
            for (TableBackup table : reader.manifest().tables()) {
                if (Sql.text(connection, "SELECT to_regclass(?)", table.quoted()) != null) {
                    throw new ConfigurationException(
                            table.quoted(), "it is there", "Rename it first, or restore into another database");
                }
            }
            make(connection, reader);
            return reader.manifest();
        });
    }

    /** Makes the tables and fills them. */
    static void make(Connection connection, BackupReader reader) throws SQLException, IOException {
        String[] script = reader.script();
        Sql.run(connection, List.of(script[0]));
        for (TableBackup table : reader.manifest().tables()) {
            reader.fill(connection, table, table.quoted());
        }
        Sql.run(connection, List.of(script[1]));
    }

    /** What is done in the transaction. */
    interface Work<T> {
        T on(Connection connection) throws SQLException, IOException;
    }

    private BackupManifest inTransaction(Work<BackupManifest> work) {
        try {
            return SqlTransaction.readCommitted(dataSource, limited(work));
        } catch (SQLException e) {
            throw unreadable(directory, e);
        }
    }

    /** Work with files in a transaction that may take its time. */
    static <T> SqlTransaction.Work<T> limited(Work<T> work) {
        return connection -> {
            Sql.run(connection, LIMITS);
            try {
                return work.on(connection);
            } catch (IOException e) {
                throw LegacyBackup.failed("restored", e);
            }
        };
    }

    /** Values that the server does not take are damage; the message of the server may quote them, and is left out. */
    static RuntimeException unreadable(Path directory, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("22") || state.startsWith("23")) {
            return BackupManifest.damaged(directory, "the server does not take its rows (SQLSTATE " + state + ")");
        }
        return LegacyBackup.failed("restored", e);
    }
}
