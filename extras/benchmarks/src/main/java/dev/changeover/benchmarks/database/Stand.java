package dev.changeover.benchmarks.database;

import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.FaultProxy;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * A PostgreSQL with durability on, one database with the control schema, and pools: those of the callers, which may
 * lead through a proxy or be watched, and one of the background, which never does.
 */
final class Stand implements AutoCloseable {

    /** Enough for counting. */
    static final long FEW_ROWS = 2_000;

    private static final int BACKGROUND_CONNECTIONS = 4;

    private final PostgresCluster cluster;
    private final PostgresDatabase database;
    private final long rows;
    private final FaultProxy proxy;
    private final UnaryOperator<DataSource> watch;

    private Stand(
            PostgresCluster cluster,
            PostgresDatabase database,
            long rows,
            FaultProxy proxy,
            UnaryOperator<DataSource> watch) {
        this.cluster = cluster;
        this.database = database;
        this.rows = rows;
        this.proxy = proxy;
        this.watch = watch;
    }

    /** Opens a database of its own in the cluster; callers connect to it directly. */
    static Stand direct(PostgresCluster cluster, long rows) {
        return open(cluster, rows, null, UnaryOperator.identity());
    }

    /** As {@link #direct}, but callers go through a proxy that counts round trips. */
    static Stand counted(PostgresCluster cluster, long rows) {
        return open(cluster, rows, FaultProxy.to(cluster), UnaryOperator.identity());
    }

    /** As {@link #direct}, but the statements of callers are watched. */
    static Stand watched(PostgresCluster cluster, long rows, StatementWatch watch) {
        return open(cluster, rows, null, watch::around);
    }

    private static Stand open(PostgresCluster cluster, long rows, FaultProxy proxy, UnaryOperator<DataSource> watch) {
        PostgresDatabase database = PostgresDatabase.fresh().in(cluster).open();
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            ControlSchema.apply(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Stand(cluster, database, rows, proxy, watch);
    }

    PostgresDatabase database() {
        return database;
    }

    PostgresCluster cluster() {
        return cluster;
    }

    FaultProxy proxy() {
        return proxy;
    }

    long rows() {
        return rows;
    }

    /** Creates the tables of a contender. */
    Schemas schemas(String contender) {
        return new Schemas(contender).create(database, rows);
    }

    /** Returns a new pool of callers. */
    DataSource pool(int size) {
        return watch.apply(database.pool(proxy == null ? database.dataSource() : database.dataSource(proxy), size));
    }

    /** Returns a new pool of the library's own connections. */
    DataSource background() {
        return database.pool(BACKGROUND_CONNECTIONS);
    }

    @Override
    public void close() {
        database.close();
        if (proxy != null) {
            proxy.close();
        }
    }
}
