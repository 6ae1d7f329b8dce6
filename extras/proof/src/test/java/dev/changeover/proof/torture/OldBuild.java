package dev.changeover.proof.torture;

import dev.changeover.testkit.History;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * A build that has never heard of the library: one transaction by plain JDBC, begun before the first move and committed
 * some time after it. A backfill has to wait for it. Its keys are its own.
 */
final class OldBuild implements Runnable {

    private static final long FIRST = 3_000_000;
    private static final int KEYS = 50;

    private final Round round;
    private final Random random;
    private final Connection connection;

    OldBuild(Round round) {
        this.round = round;
        this.random = round.history.random("old build");
        try {
            this.connection = round.database.connection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_current_xact_id()"); // before any actor has begun
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where sentinels see it no move passes before it ends, and the round should come to more than that. */
    private double shortest() {
        return round.plan.watched ? 0.0 : 0.3;
    }

    @Override
    public void run() {
        History<Row, Object>.Unit unit = round.history.begin();
        boolean committing = false;
        try (connection;
                Statement statement = connection.createStatement()) {
            for (long id = FIRST; id < FIRST + KEYS; id++) {
                unit.write(Row.account(id), new Account(id, null, "old", id));
            }
            statement.execute("INSERT INTO old.account SELECT i, NULL, 'old', i FROM generate_series(" + FIRST + ", "
                    + (FIRST + KEYS - 1) + ") i");
            Round.pause((long) (round.plan.work.toMillis() * (shortest() + 0.3 * random.nextDouble())));
            committing = true;
            connection.commit();
            unit.acknowledged();
        } catch (SQLException e) {
            if (committing) {
                unit.unknown();
            } else {
                unit.undone();
            }
            if (!round.plan.kills()) {
                round.errors.add(e);
            }
        }
    }
}
