package dev.changeover.core.control;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.Strangers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Makes or removes sentinels: under the closed fence, so that no routed write is under way that was told otherwise, and
 * in short rounds, because a trigger needs a lock on its table behind which every writer queues.
 */
public final class SentinelChange {

    private static final String UNWATCHABLE = """
            SELECT c.oid::regclass::text
              FROM unnest(?::text[]) t JOIN pg_catalog.pg_class c ON c.oid = t::regclass
             WHERE c.relkind <> 'r' OR c.relispartition
                OR EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid OR i.inhrelid = c.oid)
             LIMIT 1""";

    private final DataSource dataSource;
    private final Script script;

    /** Creates the change; nothing is sent yet. */
    public SentinelChange(DataSource dataSource, Script script) {
        this.dataSource = dataSource;
        this.script = script;
    }

    /**
     * What is to be done.
     *
     * @param repository the number of the repository
     * @param tables the tables that get sentinels, quoted and qualified
     * @param statements the statements, each without a semicolon at its end
     * @param sides the sides that are watched afterwards
     * @param strangers what becomes of strangers' writes to the side that follows
     * @param actor who asks
     * @param reason why
     */
    public record Script(
            int repository,
            List<String> tables,
            List<String> statements,
            List<Side> sides,
            Strangers strangers,
            String actor,
            String reason) {

        /** Returns the whole as a script that does the same. */
        public String text() {
            return """
                    BEGIN ISOLATION LEVEL READ COMMITTED;
                    SET LOCAL lock_timeout = '50ms';
                    DO $fence$ BEGIN
                        IF NOT has_function_privilege('changeover.note(integer, text, text[])', 'EXECUTE') THEN
                            RAISE EXCEPTION '%% may not execute changeover.note, and every stranger would fail', current_user;
                        END IF;
                        IF NOT changeover.close_fences(ARRAY[%1$d], 50) THEN
                            RAISE EXCEPTION 'open transactions hold the fence: %%', changeover.fence_holders(ARRAY[%1$d]);
                        END IF;
                    END $fence$;
                    %2$s;
                    SELECT changeover.watch(%1$d, ARRAY[%3$s]::text[], ARRAY[%7$s]::text[], '%4$s', %5$s, %6$s);
                    COMMIT;
                    """.formatted(
                            repository,
                            String.join(";\n", statements),
                            sides.stream().map(side -> "'" + side + "'").collect(Collectors.joining(", ")),
                            strangers,
                            literal(actor),
                            literal(reason),
                            tables.stream().map(Script::literal).collect(Collectors.joining(", ")));
        }

        private static String literal(String value) {
            return "'" + value.replace("'", "''") + "'";
        }
    }

    /**
     * Does it, in as many rounds as a move may have.
     *
     * @throws MoveRefusedException if it did not get through; nothing was changed then
     */
    public void run() {
        MoveRounds rounds = MoveRounds.DEFAULTS;
        for (int round = 1; ; round++) {
            try {
                SqlTransaction.readCommitted(dataSource, this::round);
                return;
            } catch (SQLException e) {
                if (!isBusy(e)) {
                    throw PostgresControl.refusal(e);
                }
                if (round >= rounds.rounds()) {
                    throw new MoveRefusedException(
                            "CO018",
                            "The sentinels were not changed: open transactions hold the tables or the fence. End them or"
                                    + " wait for them, then try again. " + e.getMessage(),
                            e);
                }
                long millis = rounds.round().toMillis();
                LockSupport.parkNanos((millis + ThreadLocalRandom.current().nextLong(millis)) * 1_000_000);
            }
        }
    }

    private static boolean isBusy(SQLException e) {
        return "55P03".equals(e.getSQLState()) || "CO018".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    private boolean round(Connection connection) throws SQLException {
        refuseUnwatchable(connection);
        refuseWithoutRights(connection);
        closeFence(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET LOCAL lock_timeout = '" + MoveRounds.DEFAULTS.round().toMillis() + "ms'");
            for (String sql : script.statements()) {
                statement.execute(sql);
            }
        }
        return watch(connection);
    }

    /** Attaching, detaching or truncating a partition fires no trigger of its parent, and changes what is there. */
    private void refuseUnwatchable(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNWATCHABLE)) {
            statement.setArray(1, PostgresControl.texts(connection, script.tables()));
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    throw new ConfigurationException(
                            rows.getString(1),
                            "sentinels cannot watch it: it is partitioned, a partition, inherited or no table",
                            "Stop everybody who writes it round the library, and verify both sides often");
                }
            }
        }
    }

    /** The functions run with the rights of who makes them: what is missing would fail every stranger. */
    private static void refuseWithoutRights(Connection connection) throws SQLException {
        String sql = "SELECT current_user, has_function_privilege('changeover.note(integer, text, text[])', 'EXECUTE')"
                + " AND has_schema_privilege('changeover', 'CREATE')";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            if (!rows.getBoolean(2)) {
                throw new ConfigurationException(
                        "sentinels",
                        "the role " + rows.getString(1) + " may not make functions in the schema changeover, or not"
                                + " execute changeover.note",
                        "Let the owner of the schema run the script of ddl(..), or grant CREATE on the schema and EXECUTE");
            }
        }
    }

    private void closeFence(Connection connection) throws SQLException {
        String sql = "SELECT changeover.close_fences(ARRAY[?], ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, script.repository());
            statement.setInt(2, Math.toIntExact(MoveRounds.DEFAULTS.round().toMillis()));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                if (!rows.getBoolean(1)) {
                    throw new SQLException("open transactions hold the fence", "CO018");
                }
            }
        }
    }

    private boolean watch(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.watch(?, ?, ?, ?, ?, ?)")) {
            statement.setInt(1, script.repository());
            statement.setArray(
                    2,
                    PostgresControl.texts(
                            connection, script.sides().stream().map(Side::name).toList()));
            statement.setArray(3, PostgresControl.texts(connection, script.tables()));
            statement.setString(4, script.strangers().name());
            statement.setString(5, script.actor());
            statement.setString(6, script.reason());
            return statement.execute();
        }
    }
}
