package dev.changeover.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** Tells which server process a connection talks to. */
public final class Pids {
    private Pids() {}

    /**
     * The process id of the connection's backend, without a round trip; pooled connections are unwrapped. Not
     * through a {@link PgBouncer}, which changes the backend and tells the driver none.
     */
    public static long of(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }
}
