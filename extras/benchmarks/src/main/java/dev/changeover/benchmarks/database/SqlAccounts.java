package dev.changeover.benchmarks.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The port on one table, by plain JDBC on the connection of the transaction of this thread. */
final class SqlAccounts implements Accounts {

    private final DataSource bound;
    private final String insert;
    private final String update;
    private final String delete;

    SqlAccounts(DataSource bound, Schemas.Table table) {
        this.bound = bound;
        this.insert =
                "INSERT INTO %s (%s, balance, state, id) VALUES (?, ?, ?, ?)".formatted(table, table.nameColumn());
        this.update = "UPDATE %s SET %s = ?, balance = ?, state = ? WHERE id = ?".formatted(table, table.nameColumn());
        this.delete = "DELETE FROM %s WHERE id = ?".formatted(table);
    }

    @Override
    public void insert(Account account) {
        write(insert, account);
    }

    @Override
    public void update(Account account) {
        write(update, account);
    }

    @Override
    public void delete(long id) {
        run(delete, statement -> statement.setLong(1, id));
    }

    private void write(String sql, Account account) {
        run(sql, statement -> {
            statement.setString(1, account.name());
            statement.setLong(2, account.balance());
            statement.setString(3, account.state());
            statement.setLong(4, account.id());
        });
    }

    private void run(String sql, Binding binding) {
        try (Connection connection = bound.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            int rows = statement.executeUpdate();
            if (rows != 1) {
                throw new IllegalStateException(rows + " rows: " + sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }
}
