package dev.changeover.newadapter;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;

/**
 * Refreshes the planner's statistics after a load. Until autovacuum gets to it, the planner takes a table that was just
 * filled for an empty one.
 */
public final class Analyze {

    private Analyze() {}

    /** Analyses these tables one by one; it reads a sample and blocks neither readers nor writers. */
    public static void tables(Connection connection, Collection<QualifiedName> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (QualifiedName table : tables) {
                statement.execute("ANALYZE " + table.quoted());
            }
        }
    }
}
