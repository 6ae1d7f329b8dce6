package dev.changeover.shadowcompare.report;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One snapshot of the control schema.
 *
 * @param connection in a transaction that is REPEATABLE READ and READ ONLY
 * @param at the moment of the snapshot
 * @param since from when on comparisons and calls are counted
 */
record Snapshot(Connection connection, Instant at, Instant since) {

    /** Reads a row. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    /** Returns the rows of each repository, which a column of that name tells; {@code ?} stands for {@code since}. */
    <T> Map<String, List<T>> byRepository(String sql, Reader<T> reader) throws SQLException {
        Map<String, List<T>> all = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 1; i <= statement.getParameterMetaData().getParameterCount(); i++) {
                statement.setObject(i, since.atOffset(ZoneOffset.UTC));
            }
            try (ResultSet rows = statement.executeQuery()) {
                Row row = new Row(rows);
                while (rows.next()) {
                    all.computeIfAbsent(row.text("repository"), name -> new ArrayList<>())
                            .add(reader.read(row));
                }
            }
        }
        return all;
    }
}
