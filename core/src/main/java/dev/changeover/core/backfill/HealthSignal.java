package dev.changeover.core.backfill;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Something that a backfill or reseed gives way to. {@link HealthSignals} has the usual ones. Asked about once a second
 * while a job runs, by one thread at a time; safe for use by several jobs.
 */
@FunctionalInterface
public interface HealthSignal {

    /**
     * Looks how it is.
     *
     * @param connection in a transaction of its own that ends afterwards, with a {@code statement_timeout} of a second
     * @param tables the quoted, qualified tables of both sides
     * @throws SQLException if it cannot be told; that holds nothing up
     */
    Health look(Connection connection, List<String> tables) throws SQLException;
}
