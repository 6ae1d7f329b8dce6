package dev.changeover.proof;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/** The port on either schema, by plain JDBC on the connection of the thread. */
class SqlAccounts implements Accounts {

    private final DataSource bound;
    private final String table;
    private final String nameColumn;

    SqlAccounts(DataSource bound, String table, String nameColumn) {
        this.bound = bound;
        this.table = table;
        this.nameColumn = nameColumn;
    }

    @Override
    public Optional<Account> find(long id) {
        return select("WHERE id = ?", id).stream().findFirst();
    }

    @Override
    public Optional<Account> lock(long id) {
        return select("WHERE id = ? FOR UPDATE", id).stream().findFirst();
    }

    @Override
    public Optional<Account> byName(String name) {
        return select("WHERE " + nameColumn + " = ?", name).stream().findFirst();
    }

    @Override
    public List<Account> all() {
        return select("ORDER BY id");
    }

    @Override
    public long count() {
        return select("").size();
    }

    @Override
    public Account save(Account account) {
        update(
                "INSERT INTO " + table + " (id, " + nameColumn + ", balance, state) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET " + nameColumn + " = excluded." + nameColumn
                        + ", balance = excluded.balance, state = excluded.state",
                account.id(),
                account.name(),
                account.balance(),
                account.state());
        return account;
    }

    @Override
    public int add(long id, long amount) {
        return update("UPDATE " + table + " SET balance = balance + ? WHERE id = ?", amount, id);
    }

    @Override
    public void delete(long id) {
        update("DELETE FROM " + table + " WHERE id = ?", id);
    }

    private List<Account> select(String where, Object... values) {
        String sql = "SELECT id, " + nameColumn + ", balance, state FROM " + table + " " + where;
        return with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, values);
                try (ResultSet rows = statement.executeQuery()) {
                    List<Account> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(new Account(rows.getLong(1), rows.getString(2), rows.getLong(3), rows.getString(4)));
                    }
                    return found;
                }
            } catch (SQLException e) {
                throw new SqlFailure(e);
            }
        });
    }

    private int update(String sql, Object... values) {
        return with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, values);
                return statement.executeUpdate();
            } catch (SQLException e) {
                throw new SqlFailure(e);
            }
        });
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    <T> T with(Function<Connection, T> work) {
        try (Connection connection = bound.getConnection()) {
            return work.apply(connection);
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** The port's own exception. */
    static final class SqlFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SqlFailure(SQLException cause) {
            super(cause);
        }

        String state() {
            return ((SQLException) getCause()).getSQLState();
        }
    }
}
