package dev.changeover.proof.torture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/** Statements on the connection of the thread. */
final class Sql {

    private final DataSource bound;

    Sql(DataSource bound) {
        this.bound = bound;
    }

    /** Makes something of a row. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    int update(String sql, Object... values) {
        try (Connection connection = bound.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, values);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    <T> List<T> query(Reader<T> reader, String sql, Object... values) {
        try (Connection connection = bound.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, values);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Collection<?> many) {
                statement.setArray(i + 1, connection.createArrayOf(type(many), many.toArray()));
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
    }

    private static String type(Collection<?> values) {
        return values.stream().anyMatch(String.class::isInstance) ? "text" : "bigint";
    }

    /** The ports' own exception. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(SQLException cause) {
            super(cause);
        }
    }
}
