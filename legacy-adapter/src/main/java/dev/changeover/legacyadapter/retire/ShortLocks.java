package dev.changeover.legacyadapter.retire;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Work that needs the exclusive lock of a table, in short rounds: everybody who comes later queues behind a round, so each
 * waits for its locks only a moment, gives up whole, and tries again after those have got through.
 */
final class ShortLocks {

    private static final Set<String> BUSY = Set.of("55P03", "40P01", "CO018");

    private final DataSource dataSource;
    private final MoveRounds rounds;

    ShortLocks(DataSource dataSource, MoveRounds rounds) {
        this.dataSource = dataSource;
        this.rounds = rounds;
    }

    /**
     * Does it in one transaction, in which no statement waits for a lock longer than a round.
     *
     * @param what what is done, for the message
     * @param locks how many locks it takes one after the other, which share the round
     * @throws MoveRefusedException if it did not get through; nothing was changed then
     */
    <T> T run(String what, int locks, SqlTransaction.Work<T> work) throws SQLException {
        for (int round = 1; ; round++) {
            try {
                return SqlTransaction.readCommitted(dataSource, connection -> {
                    limit(connection, locks);
                    return work.on(connection);
                });
            } catch (SQLException e) {
                if (!BUSY.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
                if (round >= rounds.rounds() || Thread.currentThread().isInterrupted()) {
                    throw new MoveRefusedException(
                            "CO018",
                            what + " gave up and changed nothing: open transactions hold the tables or the fence. End"
                                    + " them or wait for them, then try again. " + e.getMessage(),
                            e);
                }
                pause();
            }
        }
    }

    private void limit(Connection connection, int locks) throws SQLException {
        long millis = Math.max(5, rounds.round().toMillis() / Math.max(1, locks));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '" + millis + "ms'; SET LOCAL search_path = pg_catalog");
        }
    }

    private void pause() {
        long millis = rounds.round().toMillis();
        LockSupport.parkNanos((millis + ThreadLocalRandom.current().nextLong(millis)) * 1_000_000);
    }
}
