package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.Session;
import org.junit.jupiter.api.Test;

/** Schedules of those who write round the library. */
class SentinelScheduleTest {

    private static final String FENCE = "PERFORM pg_advisory_xact_lock_shared(1128813414, p_repository);";

    @Test
    @Guarantee("G7")
    @Guarantee("G4")
    @Counterexample("foreign-in-flight")
    @FailureRow(value = FailureRow.FLIP, stages = Stage.RAMP)
    void aFlipWaitsForAnOldBuildThatHasWritten() {
        try (Garage garage = garage(Stage.RAMP)) {
            percent(garage);
            Session blue = garage.stranger("blue");
            blue.run("UPDATE old.owner SET name = 'blue' WHERE id = 1");
            assertThatThrownBy(() -> flip(garage))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("open transactions hold the fence");
            blue.commit();

            flip(garage);
            garage.drain();
            assertThat(names(garage)).isEqualTo("blue blue");
        }
    }

    @Test
    @Counterexample(value = "foreign-in-flight", mutant = true)
    @FailureRow(value = FailureRow.FLIP, stages = Stage.RAMP, mutant = true)
    void aSentinelWithoutTheFenceLetsTheFlipPassAndItsWriteIsUndone() {
        try (Garage garage = garage(Stage.RAMP)) {
            percent(garage);
            garage.mutate("guard", FENCE, "");
            Session blue = garage.stranger("blue");
            blue.run("UPDATE old.owner SET name = 'blue' WHERE id = 1");
            flip(garage);
            blue.commit();
            garage.drain();
            assertThat(names(garage)).isEqualTo("a a");
        }
    }

    @Test
    @Guarantee("G7")
    @Guarantee("G2")
    @Counterexample("transaction-wide-sign")
    @FailureRow(value = FailureRow.PSQL, stages = Stage.DUAL_WRITE)
    void aStrayStatementAfterARoutedWriteIsMarked() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            routedThenStray(garage);
            assertThat(garage.marks()).containsExactly("owners 2 LEGACY FOREIGN");
            garage.drain();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    @Counterexample(value = "transaction-wide-sign", mutant = true)
    @FailureRow(value = FailureRow.PSQL, stages = Stage.DUAL_WRITE, mutant = true)
    void aSignThatLastsAsLongAsTheTransactionHidesTheStrayStatement() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.mutate("open_follower", "p_right), true), '') <> ''", "p_right), true), '') = 'never'");
            garage.mutate("close_follower", "IF p_sign IS NOT NULL THEN", "IF false THEN");
            routedThenStray(garage);
            garage.drain();
            assertThat(garage.marks()).isEmpty();
            assertThat(garage.differences()).isNotEmpty();
        }
    }

    private static void routedThenStray(Garage garage) {
        garage.inTransaction(() -> {
            garage.own(1, "UPDATE {s}.owner SET name = 'x' WHERE id = 1");
            garage.stray("UPDATE old.owner SET name = 'stray' WHERE id = 2");
            return true;
        });
    }

    @Test
    @Guarantee("G7")
    @Counterexample("null-sign")
    void aConnectionThatOnceSignedIsAStrangerAgain() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            strayOnAUsedConnection(garage);
            assertThat(garage.marks()).containsExactly("owners 2 LEGACY FOREIGN");
        }
    }

    @Test
    @Counterexample(value = "null-sign", mutant = true)
    void aSentinelThatAsksForNullSeesNothingOnAUsedConnection() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.mutateTrigger(
                    "changeover_1_legacy_update",
                    "WHEN \\(.*\\) EXECUTE",
                    "WHEN (current_setting('changeover.legacy_1', true) IS NULL) EXECUTE");
            strayOnAUsedConnection(garage);
            assertThat(garage.marks()).isEmpty();
            assertThat(garage.differences()).isNotEmpty();
        }
    }

    /** One connection, two transactions. */
    private static void strayOnAUsedConnection(Garage garage) {
        Session pooled = garage.stranger("pooled");
        pooled.run("SELECT changeover.enter(1, '{1}')");
        pooled.commit();
        pooled.run("UPDATE old.owner SET name = 'stray' WHERE id = 2");
        pooled.commit();
    }

    @Test
    @Guarantee("G7")
    @Guarantee("G2")
    @Counterexample("global-sign")
    void aCascadeIntoAnotherRepositoryIsMarkedThere() {
        try (Garage garage = cascading()) {
            assertThat(garage.marks()).containsExactly("cars 1 LEGACY CASCADE");
            garage.changeover.backfill("cars").permitRemovals();
            garage.drain();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    @Counterexample(value = "global-sign", mutant = true)
    void aSignThatNamesNoRepositoryLetsTheCascadePass() {
        try (Garage garage = cascading("changeover_2_legacy_delete")) {
            assertThat(garage.marks()).isEmpty();
            garage.drain();
            assertThat(garage.differences()).isNotEmpty();
        }
    }

    /** Owner 1 is deleted by a routed write, and on legacy alone its car 1 goes with it. */
    private static Garage cascading(String... triggersWithAGlobalSign) {
        Garage garage = garage(Stage.DUAL_WRITE);
        garage.cars.run("write", 1L, port -> port.run("INSERT INTO {s}.car VALUES (1, 1, 'p')"));
        garage.psql("ALTER TABLE fresh.car DROP CONSTRAINT car_owner_fkey");
        for (String trigger : triggersWithAGlobalSign) {
            garage.mutateTrigger(trigger, "legacy_2'", "legacy_1'");
        }
        garage.own(1, "DELETE FROM {s}.owner WHERE id = 1");
        return garage;
    }

    private static Garage garage(Stage stage) {
        Garage garage = Garage.open();
        garage.own(1, "INSERT INTO {s}.owner VALUES (1, 'a')");
        garage.own(2, "INSERT INTO {s}.owner VALUES (2, 'b')");
        garage.to(Stage.DUAL_WRITE);
        garage.changeover.backfill("owners").run(progress -> {});
        garage.changeover.backfill("cars").run(progress -> {});
        return garage.to(stage);
    }

    private static void percent(Garage garage) {
        garage.changeover.stages().percent(java.util.List.of("owners", "cars"), 100, "test", "all");
    }

    private static void flip(Garage garage) {
        garage.changeover.stages().moveTogether(java.util.List.of("owners", "cars"), Stage.NEW_PRIMARY, "test", "flip");
    }

    private static String names(Garage garage) {
        return garage.database.queryString(
                "SELECT o.name || ' ' || f.name FROM old.owner o JOIN fresh.owner f USING (id)" + " WHERE id = 1");
    }
}
