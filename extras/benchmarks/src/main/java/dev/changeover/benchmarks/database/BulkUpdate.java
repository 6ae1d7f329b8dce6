package dev.changeover.benchmarks.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One UPDATE of all rows of a table, in a transaction that is rolled back, and how many marks it leaves. */
enum BulkUpdate {
    ROOTS(Baskets.PLAIN + ".basket", false, false, "roots, no sentinel"),
    CHILDREN(Baskets.PLAIN + ".item", false, false, "children of one root, no sentinel"),
    CHILDREN_SIGNED(Baskets.WATCHED + ".item", true, false, "children of one root, signed"),
    ROOTS_MARKED(Baskets.WATCHED + ".basket", false, true, "roots, unsigned: marks"),
    CHILDREN_MARKED(Baskets.WATCHED + ".item", false, true, "children of one root, unsigned: marks of one key");

    private final String table;
    private final boolean signed;
    private final boolean marks;
    private final String title;

    BulkUpdate(String table, boolean signed, boolean marks, String title) {
        this.table = table;
        this.signed = signed;
        this.marks = marks;
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Returns the same statement without a sentinel. */
    BulkUpdate plain() {
        return table.endsWith(".item") ? CHILDREN : ROOTS;
    }

    /** Returns what the statement takes; neither the signature nor the end of the transaction is in it. */
    long nanos(Connection connection, int repository, long rows) throws SQLException {
        connection.setAutoCommit(false);
        try {
            if (signed) {
                sign(connection, repository);
            }
            long start = System.nanoTime();
            int changed = update(connection);
            long nanos = System.nanoTime() - start;
            check("rows", changed, rows);
            check("marks", marks(connection), marks ? rows : 0);
            return nanos;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
            tidy(connection);
        }
    }

    private int update(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE " + table + " SET value = value + 1");
        }
    }

    private static void sign(Connection connection, int repository) throws SQLException {
        try (PreparedStatement enter = connection.prepareStatement("SELECT * FROM changeover.enter(?, ?)")) {
            enter.setInt(1, repository);
            enter.setArray(2, connection.createArrayOf("text", new String[] {Baskets.PARENT}));
            enter.execute();
        }
    }

    private static long marks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM changeover.mark")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** What was rolled back is still in the tables, and would make the next round slower. */
    private void tidy(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("VACUUM " + table);
            if (marks) {
                statement.execute("VACUUM changeover.mark");
            }
        }
    }

    private void check(String what, long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("%s: %d %s, not %d".formatted(this, found, what, expected));
        }
    }
}
