package dev.changeover.proof;

import dev.changeover.core.Stage;
import dev.changeover.proof.Field.Kill;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The failure matrix: a server that loses its power at each of the points, and comes back. */
@Tag("direct") // a PgBouncer in front of it would be another thing to restart
class ServerCrashTest {

    private static final PostgresCluster CLUSTER = PostgresCluster.builder().start();
    private static final Field.Cache FIELDS = new Field.Cache(stage -> Field.in(CLUSTER, stage));

    @AfterAll
    static void close() {
        FIELDS.close();
        CLUSTER.close();
    }

    /** What is on its way when the server dies. */
    enum Point {
        BEFORE_THE_FIRST_WRITE,
        BETWEEN_AUTHORITY_AND_FOLLOWER,
        INSIDE_THE_SAVEPOINT,
        DURING_COMMIT,
        AFTER_THE_COMMIT,
        DRAIN_HOLDING_CLAIMS,
        DRAIN_AT_ITS_COMMIT,
        MOVE_AT_ITS_COMMIT
    }

    @ParameterizedTest
    @CsvSource({
        "DUAL_WRITE, BEFORE_THE_FIRST_WRITE",
        "DUAL_WRITE, BETWEEN_AUTHORITY_AND_FOLLOWER",
        "DUAL_WRITE, INSIDE_THE_SAVEPOINT",
        "DUAL_WRITE, DURING_COMMIT",
        "DUAL_WRITE, AFTER_THE_COMMIT",
        "DUAL_WRITE, DRAIN_HOLDING_CLAIMS",
        "DUAL_WRITE, DRAIN_AT_ITS_COMMIT",
        "RAMP, AFTER_THE_COMMIT",
        "RAMP, MOVE_AT_ITS_COMMIT",
        "NEW_PRIMARY, BETWEEN_AUTHORITY_AND_FOLLOWER",
        "NEW_PRIMARY, DURING_COMMIT",
        "NEW_PRIMARY, AFTER_THE_COMMIT",
        "NEW_PRIMARY, DRAIN_AT_ITS_COMMIT",
        "NEW_PRIMARY, MOVE_AT_ITS_COMMIT"
    })
    @Guarantee("G1")
    @Guarantee("G2")
    @FailureRow(FailureRow.CRASH)
    void whatWasAcknowledgedSurvivesAndTheRestIsOnNeitherSide(Stage stage, Point point) {
        Field field = FIELDS.at(stage);
        switch (point) {
            case BEFORE_THE_FIRST_WRITE -> WriteFailureTest.dies(field, field.authorityPort("save"), Kill.SERVER);
            case BETWEEN_AUTHORITY_AND_FOLLOWER ->
                WriteFailureTest.dies(field, field.authorityPort("save done"), Kill.SERVER);
            case INSIDE_THE_SAVEPOINT -> WriteFailureTest.dies(field, field.followerStore("upsert done"), Kill.SERVER);
            case DURING_COMMIT -> WriteFailureTest.diesInCommit(field, Kill.SERVER);
            case AFTER_THE_COMMIT -> WriteFailureTest.afterTheCommit(field, Kill.SERVER);
            case DRAIN_HOLDING_CLAIMS -> DrainFailureTest.diesHoldingClaims(field, "upsert done", Kill.SERVER);
            case DRAIN_AT_ITS_COMMIT -> DrainFailureTest.diesAtItsMarks(field, "marks_cleared", Kill.SERVER);
            case MOVE_AT_ITS_COMMIT ->
                MoveFailureTest.diesInTheMove(
                        field, stage == Stage.RAMP ? Stage.NEW_PRIMARY : Stage.RAMP, "stage_set", Kill.SERVER);
        }
    }
}
