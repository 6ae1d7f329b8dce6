package dev.changeover.core.control;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The control schema as SQL: printed for whoever applies it, applied only when asked. */
public final class ControlSchema {

    /** The version that this library speaks. */
    public static final int VERSION = 1;

    private ControlSchema() {}

    /** Returns the statements that create the schema. */
    public static String ddl() {
        return resource("V1__control.sql");
    }

    /**
     * Returns the statements that let a role use the schema.
     *
     * @param role the role of the application, unquoted
     */
    public static String grants(String role) {
        return resource("grants.sql").replace("{role}", '"' + role.replace("\"", "\"\"") + '"');
    }

    /** Returns the statement that removes the schema and everything in it. */
    public static String drop() {
        return "DROP SCHEMA changeover CASCADE;\n";
    }

    /** Creates the schema unless it is there; commits nothing and leaves the transaction to the caller. */
    public static void apply(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(1128813417, 0)");
            if (version(connection) == 0) {
                statement.execute(ddl());
            }
        }
        check(connection);
    }

    /**
     * Checks that the schema is there in the version of this library, and that this role may use it.
     *
     * @throws ConfigurationException if it is not, with the remedy
     */
    public static void check(Connection connection) throws SQLException {
        ControlGrants.checkSchema(connection);
        int found = version(connection);
        if (found != VERSION) {
            throw new ConfigurationException(
                    "schema changeover",
                    found == 0 ? "it is not there" : "version " + found + " instead of " + VERSION,
                    "Apply ControlSchema.ddl(), or call ControlSchema.apply(connection) with a role that may create it");
        }
        ControlGrants.checkObjects(connection);
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!isTrue(statement, "SELECT to_regclass('changeover.schema_version') IS NOT NULL")) {
                return 0;
            }
            try (ResultSet rows = statement.executeQuery("SELECT max(version) FROM changeover.schema_version")) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static boolean isTrue(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static String resource(String name) {
        try (InputStream in = ControlSchema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new ChangeoverException("The resource " + name + " is missing from the jar of core");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ChangeoverException("The resource " + name + " cannot be read", e);
        }
    }
}
