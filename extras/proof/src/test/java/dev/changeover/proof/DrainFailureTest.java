package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Stage;
import dev.changeover.proof.Field.Kill;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Session;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The failure matrix: copies in the background that die, stand still or meet, in each stage with a follower. */
class DrainFailureTest {

    private static final String MARKED = "5 1 1 - -";

    private static final Field.Cache FIELDS = new Field.Cache(Field::open);

    @AfterAll
    static void close() {
        FIELDS.close();
    }

    static Stream<Arguments> followedStages() {
        return WriteFailureTest.followedStages();
    }

    @ParameterizedTest
    @MethodSource("followedStages")
    @Guarantee("G1")
    @Guarantee("G2")
    @FailureRow(FailureRow.DRAINER)
    void aDrainThatDiesWithItsClaimsGivesThemBackAndKeepsTheMark(Stage stage, Kill kill) {
        for (String point : List.of("upsert", "upsert done")) {
            Field field = FIELDS.at(stage);
            diesHoldingClaims(field, point, kill);
        }
    }

    static void diesHoldingClaims(Field field, String point, Kill kill) {
        field.marked(1, 5);
        try (PausePoint pause = field.pauseAt("job " + field.followerStore(point))) {
            Scene.Job<Long> drain = field.scene.startDrain();
            pause.awaitReached();
            field.kill(kill, field.holderOfAKeyLock());
            pause.release();
            drain.joinFailed();
        }
        assertThat(field.scene.marks()).isOne();
        field.settled(MARKED);
    }

    /** In one database the follower's commit is the one that clears the marks: both are done, or neither is. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "SHADOW", "RAMP", "NEW_PRIMARY"})
    @Guarantee("G1")
    @Guarantee("G2")
    @FailureRow(FailureRow.CLEARED)
    void aDrainThatDiesAtItsMarksHasDoneAllOrNothing(Stage stage) {
        for (String point : List.of("clears_marks", "marks_cleared")) {
            Field field = FIELDS.at(stage);
            diesAtItsMarks(field, point, Kill.BACKEND);
        }
    }

    static void diesAtItsMarks(Field field, String point, Kill kill) {
        field.marked(1, 5);
        try (Session stop = field.stopAt(point)) {
            Scene.Job<Long> drain = field.scene.startDrain();
            field.kill(kill, field.awaitStopped());
            drain.joinFailed();
            if (kill != Kill.SERVER) {
                field.goOn(stop);
            }
        }
        field.scene.sql("DELETE FROM public.stop_at");
        assertThat(field.scene.marks()).isOne();
        field.settled(MARKED);
    }

    @ParameterizedTest
    @CsvSource({
        "DUAL_WRITE, SHADOW",
        "SHADOW, DUAL_WRITE",
        "SHADOW, RAMP",
        "RAMP, SHADOW",
        "RAMP, NEW_PRIMARY",
        "NEW_PRIMARY, RAMP"
    })
    @Guarantee("G1")
    @Guarantee("G4")
    @FailureRow(FailureRow.DRAINER)
    void aDrainThatStoodStillAcrossAFlipWritesNothing(Stage from, Stage to) {
        Field field = FIELDS.at(from);
        standsStillAcrossAFlip(field, to);
        field.settled("9 1 1 - -");
    }

    private static void standsStillAcrossAFlip(Field field, Stage to) {
        field.marked(1, 5);
        try (PausePoint pause = field.tap.pauseBefore("changeover.enter_copy")) {
            Scene.Job<Long> drain = field.scene.startDrain();
            pause.awaitReached();
            field.move(to);
            field.moved(to);
            field.marked(1, 9);
            pause.release();
            drain.joinFailed();
        }
    }

    @Test
    @FailureRow(
            value = FailureRow.DRAINER,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY},
            mutant = true)
    void aDrainThatDoesNotAskWhetherTheStageIsStillItsOwnErasesAnAcknowledgedWrite() {
        try (Field field = Field.open(Stage.RAMP)) {
            field.scene.sql("CREATE OR REPLACE FUNCTION changeover.enter_copy(p_repository integer, p_follower text,"
                    + " p_epoch bigint) RETURNS void LANGUAGE sql AS 'SELECT'");
            standsStillAcrossAFlip(field, Stage.NEW_PRIMARY);
            assertThatThrownBy(() -> field.settled("9 1 1 - -"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("what was acknowledged is on the authority");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "SHADOW", "RAMP", "NEW_PRIMARY"})
    @Guarantee("G2")
    @FailureRow(FailureRow.TWO_DRAINERS)
    void ofTwoDrainersOneCopiesAndTheOtherComesBack(Stage stage) {
        Field field = FIELDS.at(stage);
        try (Bank second = second(field)) {
            twoDrainers(field, second);
        }
        field.settled("9 1 1 - -");
    }

    /** The second instance drains while the first has read, and a write is marked in between. */
    private static void twoDrainers(Field field, Bank second) {
        field.marked(1, 5);
        try (PausePoint pause = field.pauseAt("job " + field.followerStore("upsert"))) {
            Scene.Job<Long> first = field.scene.startDrain();
            pause.awaitReached();
            field.scene.database.execute("UPDATE " + Field.table(field.stage.authority())
                    + " SET balance = 9 WHERE id = 1; SELECT changeover.mark(1, '{1}', '" + field.stage.authority()
                    + "', 'TEST')");
            second.changeover.drain().drainNow(Bank.NAME);
            pause.release();
            first.join();
        }
    }

    private static Bank second(Field field) {
        Bank second = Bank.open(field.tap.dataSource(), Bank.Parts.DEFAULTS);
        second.changeover.drain().pause();
        return second;
    }

    @Test
    @FailureRow(value = FailureRow.TWO_DRAINERS, stages = Stage.DUAL_WRITE, mutant = true)
    void aDrainerWithoutClaimsUndoesWhatTheOtherCopied() {
        try (Field field = Field.open(Stage.DUAL_WRITE);
                Bank second = second(field)) {
            field.tap.rewriteInJobs("pg_try_advisory_xact_lock(1128813415, h)", "h IS NOT NULL");
            twoDrainers(field, second);
            assertThatThrownBy(() -> field.settled("9 1 1 - -"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("different and not marked");
        }
    }

    @ParameterizedTest
    @MethodSource("followedStages")
    @Guarantee("G2")
    @FailureRow(FailureRow.TWO_DRAINERS)
    void theOtherDrainerTakesOverFromOneThatDies(Stage stage, Kill kill) {
        Field field = FIELDS.at(stage);
        field.marked(1, 5);
        try (Bank second = second(field);
                PausePoint pause = field.pauseAt("job " + field.followerStore("upsert done"))) {
            Scene.Job<Long> first = field.scene.startDrain();
            pause.awaitReached();
            assertThat(second.changeover.drain().drainNow(Bank.NAME)).isOne();
            field.kill(kill, field.holderOfAKeyLock());
            assertThat(second.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10)))
                    .isTrue();
            pause.release();
            first.joinFailed();
        }
        field.settled(MARKED);
    }

    /** Whoever commits last is right, whatever the drain does in between. */
    @ParameterizedTest
    @CsvSource({
        "DUAL_WRITE, true",
        "DUAL_WRITE, false",
        "SHADOW, true",
        "SHADOW, false",
        "RAMP, true",
        "RAMP, false",
        "NEW_PRIMARY, true",
        "NEW_PRIMARY, false"
    })
    @Guarantee("G2")
    @FailureRow(FailureRow.RACE)
    void ofADeleteAndAnUpdateTheLastIsOnBothSides(Stage stage, boolean deleteFirst) {
        Field field = FIELDS.at(stage);
        field.marked(1, 5);
        Runnable delete = () -> field.bank.accounts.delete(1);
        Runnable update = () -> field.bank.accounts.save(new Account(1, "updated", 9));
        try (Caller first = field.scene.caller();
                Caller last = field.scene.caller()) {
            first.run(deleteFirst ? delete : update);
            last.start(deleteFirst ? update : delete).awaitBlocked();
            Scene.Job<Long> drain = field.scene.startDrain();
            drain.join();
            first.commit();
            last.join();
            field.scene.startDrain().join();
            last.commit();
        }
        field.settled((deleteFirst ? "9" : "-") + " 1 1 - -");
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "SHADOW"})
    @Guarantee("G2")
    @Guarantee("G9")
    @FailureRow(FailureRow.RACE)
    void whatIsDeletedAndUpdatedDuringABackfillIsNeitherRaisedNorStale(Stage stage) {
        try (Field field = Field.open(stage)) {
            field.scene.sql("INSERT INTO old.account VALUES (4, 'd', 1), (5, 'e', 1)"); // from before the first stage
            try (PausePoint pause = field.pauseAt("job newStore.insertMissing")) {
                Scene.Job<?> backfill = field.scene.job(
                        () -> field.bank.changeover.backfill(Bank.NAME).run(progress -> {}));
                pause.awaitReached();
                field.bank.accounts.delete(4);
                field.bank.accounts.add(5, 1);
                field.bank.accounts.delete(3);
                pause.release();
                backfill.join();
            }
            field.settled("1 1 - - 2");
        }
    }
}
