package dev.changeover.core.internal;

import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Keeps the planner's statistics abreast of a job that fills tables. Autovacuum comes by once a minute; until then the
 * planner takes a table for as empty as it was at first, and live writers scan what they should look up: a quarter of
 * the throughput was seen, until the minute was over. So the tables are analysed each time they have grown fourfold.
 */
final class Statistics {

    private static final long FIRST = 1_000;
    private static final int GROWTH = 4;

    private final String name;
    private final DataSource dataSource;
    private final ChangeoverListener listener;
    private final List<String> tables;
    private final AtomicLong next = new AtomicLong(FIRST);

    /**
     * @param tables the quoted, qualified names
     */
    Statistics(String name, DataSource dataSource, ChangeoverListener listener, List<String> tables) {
        this.name = name;
        this.dataSource = dataSource;
        this.listener = listener;
        this.tables = tables;
    }

    /** Analyses if the job has come far enough since the last time; to be called outside any transaction. */
    void handled(long rows, boolean finished) {
        long due = next.get();
        if (rows < due && !finished) {
            return;
        }
        long after = due;
        while (after <= rows) {
            after *= GROWTH;
        }
        if (!next.compareAndSet(due, after)) {
            return; // another worker does it
        }
        try {
            SqlTransaction.readCommitted(dataSource, this::analyze);
        } catch (SQLException e) {
            // somebody else analyses, or builds an index: the job goes on with the statistics that are there
            listener.backgroundFailed(name + ": ANALYZE", e);
        }
    }

    /** A role that may not analyse a table gets a warning from the server and no error. */
    private boolean analyze(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SET LOCAL lock_timeout = 100; ANALYZE " + String.join(", ", tables));
        }
    }
}
