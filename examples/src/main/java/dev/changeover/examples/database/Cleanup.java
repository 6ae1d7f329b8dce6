package dev.changeover.examples.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Keeps away from what is not the job's own, and takes away what is. */
public final class Cleanup {

    private static final List<String> SCHEMAS = List.of(Schemas.DEFAULT.next(), Schemas.DEFAULT.legacy(), "changeover");

    private Cleanup() {}

    /** Refuses to start where a schema of the job exists: it may be somebody's. */
    public static void refuseLeftovers(String url) {
        String names = "'" + String.join("', '", SCHEMAS) + "'";
        String sql = "select string_agg(nspname, ', ') from pg_namespace where nspname in (" + names + ")";
        run(url, statement -> {
            try (ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                if (rows.getString(1) != null) {
                    throw new IllegalStateException(
                            "schemas " + rows.getString(1) + " exist; drop them or use another database");
                }
            }
        });
    }

    /** Drops the schemas of the job. */
    public static void drop(String url) {
        run(url, statement -> {
            for (String schema : SCHEMAS) {
                statement.execute("drop schema if exists " + schema + " cascade");
            }
        });
    }

    /** Drops the schema that the application moves to. */
    public static void dropNew(String url) {
        run(url, statement -> statement.execute("drop schema if exists " + Schemas.DEFAULT.next() + " cascade"));
    }

    private interface Work {
        void with(Statement statement) throws SQLException;
    }

    private static void run(String url, Work work) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            work.with(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
