package dev.changeover.newadapter;

import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jooq.exception.DataAccessException;

/** The connection of the unit of work where one is active, or else one of the pool. */
final class UnitOfWorkConnections implements ConnectionProvider {

    private final Transactions transactions;
    private final DataSource pool;

    /** Only these are given back here; asking for a unit of work again at the end could meet another one. */
    private final Set<Connection> ofThePool =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    UnitOfWorkConnections(Transactions transactions, DataSource pool) {
        this.transactions = transactions;
        this.pool = pool;
    }

    @Override
    public Connection acquire() {
        try {
            UnitOfWork unit = transactions.current();
            return unit == null ? take() : unit.connection();
        } catch (SQLException e) {
            throw new DataAccessException("No connection could be had", e);
        }
    }

    @Override
    public void release(Connection connection) {
        if (ofThePool.remove(connection)) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new DataAccessException("A connection could not be given back", e);
            }
        }
    }

    private Connection take() throws SQLException {
        Connection connection = pool.getConnection();
        ofThePool.add(connection);
        return connection;
    }
}
