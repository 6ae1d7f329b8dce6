package dev.changeover.benchmarks.bulk;

import dev.changeover.core.Backfill;
import dev.changeover.core.Changeover;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.legacyadapter.JdbcTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** The repository under the switch, in DUAL_WRITE, as one instance of an application sees it. */
final class Transition implements AutoCloseable {

    static final String NAME = "meetings";

    private static final String WHO = "benchmark";

    private final Changeover changeover;
    private final Meetings meetings;

    private Transition(Changeover changeover, Meetings meetings) {
        this.changeover = changeover;
        this.meetings = meetings;
    }

    /** Begins anew: control schema, registration, first move. */
    static Transition open(DataSource pool, boolean projected) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA IF EXISTS changeover CASCADE");
            }
            ControlSchema.apply(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        JdbcTransactions transactions = JdbcTransactions.on(pool);
        DataSource bound = transactions.dataSource();
        Changeover changeover =
                Changeover.builder().dataSource(pool).transactions(transactions).start();
        Meetings meetings = changeover
                .repository(NAME, Meetings.class)
                .entity(Meeting.class, KeyType.UUID, Meeting::id)
                .legacy(new SqlMeetings(bound, Tables.LEGACY), Stores.legacy(projected))
                .next(new SqlMeetings(bound, Tables.NEW), Stores.next(projected))
                .route(m ->
                        m.reads("title").writes("rename").keys("rename", (arguments, result) -> List.of(arguments[0])))
                .build();
        changeover.stages().move(NAME, Stage.DUAL_WRITE, WHO, WHO);
        return new Transition(changeover, meetings);
    }

    /** Lets the backfill stop after its present chunks. */
    void pause() {
        backfill().pause(WHO, WHO);
    }

    /** Limits the rows per second. */
    void limit(double rowsPerSecond) {
        backfill().limit(rowsPerSecond, WHO, WHO);
    }

    /** Lets it go on. */
    void resume() {
        backfill().resume(WHO, WHO);
    }

    Backfill backfill() {
        return changeover.backfill(NAME);
    }

    Meetings meetings() {
        return meetings;
    }

    @Override
    public void close() {
        changeover.close();
    }
}
