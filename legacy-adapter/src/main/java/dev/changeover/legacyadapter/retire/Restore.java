package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.control.SqlTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Restores a backup into a schema of its own to compare it, or as the tables that it was taken of. */
final class Restore {

    /** A long COPY must not be ended half-way, nor what comes before it wait for ever. */
    static final List<String> LIMITS = List.of(
            TableStream.SETTINGS,
            "SET LOCAL idle_in_transaction_session_timeout = 0",
            "SET LOCAL statement_timeout = 0");

    /** What is not valid in a table holds for a part of its rows, and would hold for all of a copy. */
    private static final String SHAPE = """
            SELECT concat(' INCLUDING ALL',
                CASE WHEN EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'c' AND NOT c.convalidated)
                     THEN ' EXCLUDING CONSTRAINTS' END,
                CASE WHEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND NOT i.indisvalid)
                     THEN ' EXCLUDING INDEXES' END)
              FROM to_regclass(?) t (oid)""";

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
                String shape = Sql.text(connection, SHAPE, table.quoted());
                Sql.run(connection, List.of("CREATE TABLE " + copy + " (LIKE " + table.quoted() + shape + ")"));
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

    /** Rows that were compared before are not damaged: something in the database does not go with them. */
    static SQLException inTheWay(boolean compared, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        boolean refused = compared ? state.startsWith("23") : state.equals("23503");
        if (refused && e instanceof PSQLException answer && answer.getServerErrorMessage() != null) {
            ServerErrorMessage server = answer.getServerErrorMessage();
            throw new ConfigurationException(
                    server.getSchema() + "." + server.getTable(),
                    "the rows of the backup do not go with "
                            + (server.getConstraint() == null ? "a column that is NOT NULL" : server.getConstraint()),
                    "Drop what is in the way, restore, and add it again. Nothing was changed");
        }
        return e;
    }

    /** Values that the server does not take are damage; the message of the server may quote them, and is left out. */
    static RuntimeException unreadable(Path directory, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("22") || state.startsWith("23")) {
            return BackupManifest.damaged(directory, "the server does not take its rows (SQLSTATE " + state + ")");
        } else if (state.startsWith("08")) {
            return new ChangeoverException(
                    "The connection broke, and it is not known whether the backup was restored; the tables and the"
                            + " history tell: " + e.getMessage(),
                    e);
        }
        return LegacyBackup.failed("restored", e);
    }
}
