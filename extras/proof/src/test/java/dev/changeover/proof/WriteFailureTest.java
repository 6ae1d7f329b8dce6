package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Stage;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.proof.Field.Kill;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Session;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The failure matrix: what becomes of one write, at each point of its way, in each stage. */
class WriteFailureTest {

    private static final String BEFORE = "1 1 1 - -";
    private static final String AFTER = "5 1 1 - -";

    private static final Field.Cache FIELDS = new Field.Cache(Field::open);

    @AfterAll
    static void close() {
        FIELDS.close();
    }

    static Stream<Arguments> everyStage() {
        return Arrays.stream(Stage.values()).flatMap(WriteFailureTest::kills);
    }

    static Stream<Arguments> followedStages() {
        return followed().flatMap(WriteFailureTest::kills);
    }

    static Stream<Stage> followed() {
        return Arrays.stream(Stage.values()).filter(stage -> stage.follower() != null);
    }

    private static Stream<Arguments> kills(Stage stage) {
        return Stream.of(Arguments.of(stage, Kill.BACKEND), Arguments.of(stage, Kill.CONNECTION));
    }

    @ParameterizedTest
    @MethodSource("everyStage")
    @Guarantee("G1")
    @FailureRow(FailureRow.BEFORE)
    void aCallerThatDiesBeforeItsFirstWriteLeavesNothing(Stage stage, Kill kill) {
        Field field = FIELDS.at(stage);
        dies(field, field.authorityPort("save"), kill);
    }

    @ParameterizedTest
    @MethodSource("everyStage")
    @Guarantee("G1")
    @FailureRow(FailureRow.BETWEEN)
    void aCallerThatDiesBetweenTheSidesLeavesNeither(Stage stage, Kill kill) {
        Field field = FIELDS.at(stage);
        dies(field, field.authorityPort("save done"), kill);
    }

    @ParameterizedTest
    @MethodSource("followedStages")
    @Guarantee("G1")
    @FailureRow(FailureRow.INSIDE)
    void aCallerThatDiesInsideTheSavepointLeavesNeither(Stage stage, Kill kill) {
        for (String point : List.of("upsert", "upsert done")) {
            Field field = FIELDS.at(stage);
            dies(field, field.followerStore(point), kill);
        }
    }

    /** Nothing of the write is there, the caller knows that it failed, and its next try succeeds. */
    static void dies(Field field, String point, Kill kill) {
        try (Caller caller = field.scene.caller();
                PausePoint pause = field.pauseAt(point)) {
            caller.start(() -> field.bank.accounts.save(new Account(1, "after", 5)));
            pause.awaitReached();
            field.kill(kill, caller.pid());
            pause.release();
            caller.joinFailed();
            assertThat(caller.commitFailed()).as("the caller must learn of it").isNotNull();
        }
        field.settled(BEFORE);
        field.bank.accounts.save(new Account(1, "after", 5));
        field.settled(AFTER);
    }

    @ParameterizedTest
    @EnumSource
    @Guarantee("G1")
    @Guarantee("G10")
    @FailureRow(FailureRow.THROWS)
    void whatTheAuthorityWroteBeforeItThrewIsFollowed(Stage stage) {
        Field field = FIELDS.at(stage);
        RuntimeException thrown = new IllegalStateException("after writing");
        field.probe.throwAt(field.authorityPort("save done"), () -> thrown);
        field.bank.inTransaction(() -> {
            assertThatThrownBy(() -> field.bank.accounts.save(new Account(1, "after", 5)))
                    .isSameAs(thrown);
            field.bank.accounts.add(2, 3);
            return true;
        });
        field.settled("5 4 1 - -");
    }

    /** The follower's part is copied, or fails and is marked: in both cases it is one with the authority's. */
    @ParameterizedTest
    @EnumSource
    @Guarantee("G1")
    @FailureRow(FailureRow.LOST_REPLY)
    void aCommitWhoseReplyIsLostIsFollowedOrMarked(Stage stage) {
        for (boolean fails : new boolean[] {false, true}) {
            Field field = FIELDS.at(stage);
            if (fails && field.followed()) {
                field.probe.throwAt(field.followerStore("upsert"), () -> new IllegalStateException("marked"));
            }
            try (Caller caller = field.scene.caller();
                    Session stop = field.stopAt("at_commit")) {
                caller.run(() -> field.bank.accounts.save(new Account(1, "after", 5)));
                Scene.Job<Throwable> commit = field.scene.job(caller::commitFailed);
                field.awaitStopped();
                field.loseTheNextReply();
                field.goOn(stop);
                assertThat(commit.join()).as("nobody knows what became of it").isNotNull();
            }
            field.afresh();
            field.scene.awaitTrue("the commit is done", () -> field.authority().equals(AFTER));
            field.settled(AFTER);
        }
    }

    /** A lost connection is not among the kills: a server in its COMMIT does not notice, and commits. */
    @ParameterizedTest
    @EnumSource
    @Guarantee("G1")
    @FailureRow(FailureRow.LOST_REPLY)
    void aCommitThatDoesNotComeToItsEndLeavesNothing(Stage stage) {
        diesInCommit(FIELDS.at(stage), Kill.BACKEND);
    }

    static void diesInCommit(Field field, Kill kill) {
        try (Caller caller = field.scene.caller();
                Session stop = field.stopAt("at_commit")) {
            caller.run(() -> field.bank.accounts.save(new Account(1, "after", 5)));
            Scene.Job<Throwable> commit = field.scene.job(caller::commitFailed);
            field.kill(kill, field.awaitStopped());
            assertThat(commit.join()).isNotNull();
            if (kill != Kill.SERVER) {
                field.goOn(stop);
            }
        }
        field.scene.sql("DELETE FROM public.stop_at");
        field.settled(BEFORE);
        field.bank.accounts.save(new Account(1, "after", 5));
        field.settled(AFTER);
    }

    /** Nothing that happens to the process after its commit is of any meaning: the mark is in the database. */
    @ParameterizedTest
    @MethodSource("everyStage")
    @Guarantee("G1")
    @Guarantee("G2")
    @FailureRow(FailureRow.AFTER_COMMIT)
    void aCallerThatDiesAfterItsCommitHasLostNothing(Stage stage, Kill kill) {
        Field field = FIELDS.at(stage);
        afterTheCommit(field, kill);
    }

    static void afterTheCommit(Field field, Kill kill) {
        try (Caller caller = field.scene.caller()) {
            if (field.followed()) {
                field.probe.throwAt(field.followerStore("upsert"), () -> new IllegalStateException("marked"));
            }
            caller.run(() -> field.bank.accounts.save(new Account(1, "after", 5)));
            int pid = caller.pid();
            caller.commit();
            field.kill(kill, pid);
        }
        assertThat(field.scene.marks()).isEqualTo(field.followed() ? 1 : 0);
        field.settled(AFTER);
    }

    @ParameterizedTest
    @EnumSource
    @Guarantee("G1")
    @Guarantee("G4")
    @FailureRow(FailureRow.SAVEPOINT)
    void whatACallerRolledBackIsOnNeitherSideAndTheRestIsOnBoth(Stage stage) {
        for (boolean fails : new boolean[] {false, true}) {
            Field field = FIELDS.at(stage);
            if (fails && field.followed()) {
                field.probe.throwAt(field.followerStore("upsert"), () -> new IllegalStateException("marked"));
            }
            savepoint(field, Scene.READ_COMMITTED);
            field.settled("1 2 1 7 -");
        }
        Field field = FIELDS.at(stage);
        savepoint(field, Scene.REPEATABLE_READ);
        field.settled("1 2 1 7 -");
    }

    private static void savepoint(Field field, TransactionSettings settings) {
        Accounts accounts = field.bank.accounts;
        try (Caller caller = field.scene.caller(settings)) {
            caller.run(() -> accounts.add(2, 1));
            caller.sql(field.bank, "SAVEPOINT mine");
            caller.run(() -> accounts.save(new Account(1, "undone", 9)));
            caller.run(() -> accounts.delete(3));
            caller.run(() -> accounts.save(new Account(5, "undone", 9)));
            caller.sql(field.bank, "ROLLBACK TO SAVEPOINT mine");
            caller.run(() -> accounts.save(new Account(4, "d", 7)));
            caller.commit();
        }
    }

    /** As {@link #aCallerThatDiesAfterItsCommitHasLostNothing}, but the mark is not written. */
    @Test
    @FailureRow(value = FailureRow.AFTER_COMMIT, stages = Stage.DUAL_WRITE, mutant = true)
    @FailureRow(value = FailureRow.BETWEEN, stages = Stage.DUAL_WRITE, mutant = true)
    void withoutTheMarkTheCheckFails() {
        try (Field field = Field.open(Stage.DUAL_WRITE)) {
            field.scene.mutate("mark", "FROM unnest(p_keys) k", "FROM unnest(p_keys) k WHERE false");
            field.probe.throwAt("newStore.upsert", () -> new IllegalStateException("not marked"));
            field.bank.accounts.save(new Account(1, "after", 5));
            assertThatThrownBy(() -> field.settled(AFTER))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("different and not marked");
        }
    }
}
