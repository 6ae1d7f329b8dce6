package dev.changeover.console.doctor;

import dev.changeover.console.connect.Database;
import dev.changeover.console.connect.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Behind PgBouncer in transaction mode a statement that the driver prepared on one connection of the server is not known to
 * the next. A pooler gives itself away: it tells another process number than the server does.
 */
final class PoolerCheck {
    private static final String NAME = "prepared statements";
    private static final Set<String> LOST = Set.of("26000", "42P05");
    private static final int TRIES = 20;

    private final DataSource prepares;

    PoolerCheck(Target target) {
        this.prepares = Database.source(target, 1);
    }

    Finding look() throws SQLException {
        try (Connection one = prepares.getConnection();
                Connection other = prepares.getConnection()) {
            if (one.unwrap(PGConnection.class).getBackendPID() == pid(one)) {
                return new Finding(NAME, Finding.Verdict.OK, "no pooler is in between", "");
            }
            for (int i = 0; i < TRIES; i++) {
                crossed(one, other);
            }
            return new Finding(NAME, Finding.Verdict.OK, "the pooler keeps them apart", "");
        } catch (SQLException e) {
            if (!LOST.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            return new Finding(
                    NAME,
                    Finding.Verdict.WARN,
                    "the pooler loses them: SQL state " + e.getSQLState(),
                    "Every URL of the application needs prepareThreshold=0, or PgBouncer 1.21 with"
                            + " max_prepared_statements above 0");
        }
    }

    /** While one holds a connection of the server, the other gets another than it had before. */
    private static void crossed(Connection one, Connection other) throws SQLException {
        one.setAutoCommit(false);
        other.setAutoCommit(false);
        prepared(one);
        prepared(other);
        other.commit();
        one.commit();
        prepared(other);
        prepared(one);
        one.commit();
        other.commit();
    }

    private static void prepared(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT 'changeover doctor', ?::integer")) {
            for (int i = 0; i < 2; i++) {
                statement.setInt(1, i);
                statement.executeQuery().close();
            }
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
