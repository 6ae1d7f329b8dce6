package dev.changeover.legacyadapter;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Lets plain JDBC code join: the connection of the active transaction, or else one of the pool. */
final class BoundDataSource implements DataSource {

    private final JdbcTransactions transactions;

    BoundDataSource(JdbcTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Connection getConnection() throws SQLException {
        JdbcUnitOfWork unit = transactions.active();
        return unit == null ? transactions.pool().getConnection() : JoinedConnection.of(unit.connection());
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        if (transactions.active() != null) {
            throw new SQLException("A transaction is active, and its user is that of the pool. Call getConnection()");
        }
        return transactions.pool().getConnection(username, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return transactions.pool().getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        transactions.pool().setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        transactions.pool().setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return transactions.pool().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(BoundDataSource.class.getPackageName());
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : transactions.pool().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || transactions.pool().isWrapperFor(type);
    }
}
