package dev.changeover.core.control;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.MoveRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Stops the units of work that write some repositories for as long as it is open. It is a lock of one open transaction:
 * when the process dies the server lets it go, and when the process stands still the server ends the transaction after
 * the bound. For one thread.
 */
public final class Freeze implements AutoCloseable {

    private final Connection connection;
    private final List<Integer> numbers;

    private Freeze(Connection connection, List<Integer> numbers) {
        this.connection = connection;
        this.numbers = List.copyOf(numbers);
    }

    /**
     * Stops them: waits for those that have written, in short rounds, behind which others wait.
     *
     * @param numbers the numbers of the repositories
     * @param bound after how long without a sign of life the server lets everybody go
     * @throws MoveRefusedException if open transactions go on to hold it; nobody is stopped then
     */
    public static Freeze of(DataSource dataSource, List<Integer> numbers, MoveRounds rounds, Duration bound) {
        try {
            Freeze freeze = new Freeze(dataSource.getConnection(), numbers);
            try {
                freeze.begin(rounds, bound);
                return freeze;
            } catch (SQLException | RuntimeException e) {
                freeze.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new ChangeoverException("The writers could not be stopped: " + e.getMessage(), e);
        }
    }

    private void begin(MoveRounds rounds, Duration bound) throws SQLException {
        connection.setAutoCommit(false);
        for (int round = 1; !tried(rounds, bound); round++) {
            connection.rollback();
            if (round >= rounds.rounds() || Thread.currentThread().isInterrupted()) {
                throw new MoveRefusedException(
                        "CO018",
                        "The writers could not be stopped, and nothing was changed: open transactions that have written go"
                                + " on. End them or wait for them, then try again",
                        null);
            }
            long millis = rounds.round().toMillis();
            LockSupport.parkNanos((millis + ThreadLocalRandom.current().nextLong(millis)) * 1_000_000);
        }
    }

    private boolean tried(MoveRounds rounds, Duration bound) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
                    + " SET LOCAL idle_in_transaction_session_timeout = " + bound.toMillis());
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.freeze(?, ?)")) {
            statement.setArray(1, connection.createArrayOf("int4", numbers.toArray()));
            statement.setInt(2, Math.toIntExact(rounds.round().toMillis()));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Tells whether writers are stopped still. */
    public boolean holds() {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            return false;
        }
    }

    /** Lets everybody go on; harmless if the server has done that already. */
    @Override
    public void close() {
        try (connection) {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // the connection has broken, and the freeze with it
        }
    }
}
