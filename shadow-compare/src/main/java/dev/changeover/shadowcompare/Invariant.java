package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that must be so on both sides beside the rows, such as the count per status, a sum, or that nothing is
 * orphaned. Its values are stored and shown, so it should count and add up rather than show what people wrote.
 *
 * <pre>{@code
 * Invariant.sql("rooms per status", "SELECT status, count(*) FROM public.meetings GROUP BY 1",
 *     "SELECT lower(status), count(*) FROM next.rooms GROUP BY 1")
 * }</pre>
 *
 * @param name a name for people
 * @param check says what a side has
 */
public record Invariant(String name, Check check) {

    /** What one side has, read on a connection whose snapshot both sides share. */
    @FunctionalInterface
    public interface Check {
        /** Returns the value of this side, which must be the same on the other. */
        String on(Connection connection, Side side) throws SQLException;
    }

    private static final int ROWS = 1_000;

    /** The rows of a SELECT on each side, in whatever order, must have the same values as texts; at most 1,000. */
    public static Invariant sql(String name, String onLegacy, String onNew) {
        return new Invariant(name, (connection, side) -> rows(connection, side == Side.LEGACY ? onLegacy : onNew));
    }

    /** A SELECT on one side, such as one that looks for orphans, must return no row. */
    public static Invariant none(String name, Side on, String select) {
        return new Invariant(name, (connection, side) -> side == on ? rows(connection, select) : "");
    }

    private static String rows(Connection connection, String select) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setMaxRows(ROWS + 1);
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    lines.add(line(rows));
                }
            }
            if (lines.size() > ROWS) {
                throw new SQLException("an invariant has more than " + ROWS + " rows: aggregate them");
            }
            lines.sort(null);
            return String.join("; ", lines);
        }
    }

    private static String line(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            values.add(String.valueOf(row.getString(i)));
        }
        return String.join(" ", values);
    }
}
