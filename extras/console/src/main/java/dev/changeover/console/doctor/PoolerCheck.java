package dev.changeover.console.doctor;

import dev.changeover.console.connect.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * Behind PgBouncer in transaction mode a statement that the driver prepared on one connection of the server is not known to
 * the next. A pooler gives itself away: it tells another process number than the server does. What clients have prepared
 * is seen on the connections of the server; nothing is prepared here, because that would stay there for others to trip over.
 */
final class PoolerCheck {
    private static final String NAME = "prepared statements";
    private static final String REMEDY = "Every URL of the application needs prepareThreshold=0, or PgBouncer 1.21 with"
            + " max_prepared_statements above 0; else transactions fail with SQL state 26000 or 42P05";
    private static final int LOOKS = 20;

    private final Database database;

    PoolerCheck(Database database) {
        this.database = database;
    }

    Finding look() throws SQLException {
        try (Connection connection = database.source(false).getConnection()) {
            if (connection.unwrap(PGConnection.class).getBackendPID() == pid(connection)) {
                return new Finding(NAME, Finding.Verdict.OK, "no pooler is in between", "");
            }
            Set<String> prepared = new HashSet<>();
            for (int i = 0; i < LOOKS; i++) {
                prepared.addAll(prepared(connection));
            }
            return pooled(prepared);
        }
    }

    /** The driver names its statements S_1, S_2 and so on; those of a pooler that knows about them begin with its own. */
    private static Finding pooled(Set<String> prepared) {
        if (prepared.stream().anyMatch(name -> name.startsWith("S_"))) {
            return new Finding(NAME, Finding.Verdict.FAIL, "clients prepare some through a pooler", REMEDY);
        } else if (prepared.stream().anyMatch(name -> name.startsWith("PGBOUNCER_"))) {
            return new Finding(NAME, Finding.Verdict.OK, "the pooler keeps those of its clients apart", "");
        }
        return new Finding(NAME, Finding.Verdict.WARN, "a pooler is in between; none are seen on it", REMEDY);
    }

    private static Set<String> prepared(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name FROM pg_catalog.pg_prepared_statements WHERE NOT from_sql")) {
            Set<String> names = new HashSet<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
