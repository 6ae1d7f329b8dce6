package dev.changeover.benchmarks.bulk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** The port on one table, by plain JDBC. */
final class SqlMeetings implements Meetings {

    private final DataSource bound;
    private final String table;

    SqlMeetings(DataSource bound, String table) {
        this.bound = bound;
        this.table = table;
    }

    @Override
    public String title(UUID id) {
        try (Connection connection = bound.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT title FROM " + table + " WHERE id = ?")) {
            statement.setObject(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(table, e);
        }
    }

    @Override
    public void rename(UUID id, String title) {
        try (Connection connection = bound.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE " + table + " SET title = ?, updated_at = now() WHERE id = ?")) {
            statement.setString(1, title);
            statement.setObject(2, id);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(table, e);
        }
    }
}
