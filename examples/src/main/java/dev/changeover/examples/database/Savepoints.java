package dev.changeover.examples.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Savepoints of the caller. Spring's nested transactions do not exist with Hibernate, so they are JDBC's own. */
public final class Savepoints {

    private final DataSource dataSource;

    /** Creates savepoints on the connections of this data source. */
    public Savepoints(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Runs the work in the active transaction and undoes it; the transaction goes on. */
    public void undone(Runnable work) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("a savepoint needs a transaction");
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            Savepoint savepoint = connection.setSavepoint();
            work.run();
            connection.rollback(savepoint);
        } catch (SQLException e) {
            throw new IllegalStateException("the savepoint failed", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
