package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.StageChangedException;
import dev.changeover.proof.Field.Kill;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.Session;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The failure matrix: each move forward and back beside open transactions, killed, and against another. */
class MoveFailureTest {

    private static final Field.Cache FIELDS = new Field.Cache(Field::watched);

    @AfterAll
    static void close() {
        FIELDS.close();
    }

    static Stream<Arguments> moves() {
        return IntStream.range(1, Stage.values().length).boxed().flatMap(i -> {
            Stage lower = Stage.values()[i - 1];
            Stage upper = Stage.values()[i];
            return Stream.of(Arguments.of(lower, upper), Arguments.of(upper, lower));
        });
    }

    @ParameterizedTest
    @MethodSource("moves")
    @Guarantee("G1")
    @Guarantee("G4")
    @FailureRow(FailureRow.FLIP)
    void aMoveWaitsForARoutedTransactionAndGivesUp(Stage from, Stage to) {
        Field field = FIELDS.at(from);
        try (Caller caller = field.scene.caller()) {
            caller.run(() -> field.bank.accounts.save(new Account(1, "after", 5)));
            refused(field, to);
            field.bank.accounts.add(2, 1); // nobody else is kept
            caller.run(() -> field.bank.accounts.add(1, 1));
            caller.commit();
        }
        field.settled("6 2 1 - -");
        moveAndSettle(field, to, "6 2 1 - -");
    }

    @ParameterizedTest
    @MethodSource("moves")
    @Guarantee("G4")
    @Guarantee("G7")
    @FailureRow(FailureRow.FLIP)
    void aMoveWaitsForAForeignTransactionThatHasWritten(Stage from, Stage to) {
        Field field = FIELDS.at(from);
        try (Session foreign = Session.open("foreign", field.scene.database.dataSource())) {
            foreign.run("UPDATE " + Field.table(from.authority()) + " SET balance = 5 WHERE id = 1");
            refused(field, to);
            field.bank.accounts.add(2, 1);
            foreign.commit();
        }
        field.settled("5 2 1 - -");
        moveAndSettle(field, to, "5 2 1 - -");
    }

    @ParameterizedTest
    @MethodSource("moves")
    @Guarantee("G4")
    @FailureRow(FailureRow.FLIP)
    void aForeignTransactionThatOnlyReadsIsInNobodysWay(Stage from, Stage to) {
        Field field = FIELDS.at(from);
        try (Session foreign = Session.open("foreign", field.scene.database.dataSource())) {
            foreign.run("SELECT FROM old.account; SELECT FROM fresh.account");
            field.move(to);
            foreign.run("SELECT FROM old.account; SELECT FROM fresh.account");
            field.bank.accounts.add(1, 1);
            foreign.commit();
        }
        field.moved(to);
        field.settled("2 1 1 - -");
    }

    /** What it read is still right when it writes, or it does not write. */
    @ParameterizedTest
    @MethodSource("moves")
    @Guarantee("G4")
    @Guarantee("G5")
    @FailureRow(FailureRow.FLIP)
    void aUnitThatHasOnlyReadMayGoOnOrMustBeginAgain(Stage from, Stage to) {
        Field field = FIELDS.at(from);
        field.prepare(to);
        Throwable failed;
        try (Caller caller = field.scene.caller()) {
            long read =
                    caller.get(() -> field.bank.accounts.find(1).orElseThrow().balance());
            Throwable refused = catchThrowable(() -> field.move(to));
            if (refused == null) {
                field.bank.accounts.add(2, 1);
            } else {
                // it holds the fence, or its instance has not left the last percentage yet
                assertThat(refused)
                        .isInstanceOfSatisfying(
                                MoveRefusedException.class,
                                e -> assertThat(e.code()).isIn("CO018", "CO015"));
            }
            caller.start(() -> field.bank.accounts.save(new Account(1, "read", read + 4)));
            failed = caller.joinFailed();
            if (failed == null) {
                caller.commit();
            } else {
                assertThat(failed).isInstanceOf(StageChangedException.class);
                assertThat(caller.commitFailed()).isNotNull();
            }
            if (refused == null) {
                field.moved(to);
            }
            field.settled((failed == null ? "5 " : "1 ") + (refused == null ? "2" : "1") + " 1 - -");
        }
    }

    private static void refused(Field field, Stage to) {
        assertThatThrownBy(() -> field.move(to))
                .isInstanceOf(MoveRefusedException.class)
                .hasMessageContaining("open transactions hold the fence")
                .hasMessageContaining("pid ");
        assertThat(stageOf(field)).isEqualTo(field.stage.name());
    }

    private static void moveAndSettle(Field field, Stage to, String balances) {
        field.move(to);
        field.moved(to);
        assertThat(stageOf(field)).isEqualTo(to.name());
        field.settled(balances);
    }

    private static String stageOf(Field field) {
        return field.scene.database.queryString("SELECT stage FROM changeover.repository");
    }

    @ParameterizedTest
    @MethodSource("moves")
    @Guarantee("G1")
    @Guarantee("G4")
    @FailureRow(FailureRow.FLIP)
    void aMoveThatIsKilledHasChangedNothing(Stage from, Stage to) {
        for (String point : List.of("before_the_stage", "stage_set")) {
            Field field = FIELDS.at(from);
            diesInTheMove(field, to, point, Kill.BACKEND);
        }
        Field field = FIELDS.at(from);
        diesWaiting(field, to);
        moveAndSettle(field, to, "7 1 1 - -");
    }

    /** A caller waits for the fence meanwhile, and neither fails nor is forgotten. */
    static void diesInTheMove(Field field, Stage to, String point, Kill kill) {
        Stage from = field.stage;
        try (Session stop = field.stopAt(point);
                Caller caller = field.scene.caller()) {
            Scene.Job<?> move = field.scene.job(() -> {
                field.move(to);
                return true;
            });
            int mover = field.awaitStopped();
            caller.start(() -> field.bank.accounts.save(new Account(1, "after", 7)));
            caller.awaitBlocked();
            field.kill(kill, mover);
            assertThat(move.joinFailed()).isNotNull();
            if (kill == Kill.SERVER) {
                assertThat(caller.joinFailed()).isNotNull();
                assertThat(caller.commitFailed()).isNotNull();
            } else {
                caller.join();
                caller.commit();
                field.goOn(stop);
            }
        }
        field.scene.sql("DELETE FROM public.stop_at");
        assertThat(stageOf(field)).isEqualTo(from.name());
        field.settled(kill == Kill.SERVER ? "1 1 1 - -" : "7 1 1 - -");
    }

    private static void diesWaiting(Field field, Stage to) {
        try (Caller holder = field.scene.caller();
                Caller caller = field.scene.caller();
                Session mover = Session.open("move", field.scene.database.dataSource())) {
            holder.run(() -> field.bank.accounts.save(new Account(2, "undone", 9)));
            mover.start("SELECT * FROM changeover.move(ARRAY['accounts'], '" + to + "', 'why', 'who', NULL, 15000, 1)");
            mover.awaitBlocked();
            caller.start(() -> field.bank.accounts.save(new Account(1, "after", 7)));
            caller.awaitBlocked();
            field.kill(Kill.BACKEND, Math.toIntExact(mover.pid()));
            assertThat(mover.joinFailed()).hasMessageContaining("terminating connection");
            caller.join();
            caller.commit();
            holder.rollback();
        }
        field.settled("7 1 1 - -");
    }

    @ParameterizedTest
    @MethodSource("moves")
    @Guarantee("G4")
    @FailureRow(FailureRow.FLIP)
    void ofTwoMovesAtOnceOneIsRefusedAndNothingIsHalf(Stage from, Stage to) {
        Field field = FIELDS.at(from);
        try (Session stop = field.stopAt("before_the_stage")) {
            Scene.Job<?> first = field.scene.job(() -> {
                field.move(to);
                return true;
            });
            field.awaitStopped();
            for (Stage target : List.of(to, from)) {
                assertThatThrownBy(() -> field.scene.database.execute(
                                "SELECT changeover.move('accounts', '" + target + "', 'at once')"))
                        .hasStackTraceContaining("another move is under way");
            }
            field.goOn(stop);
            first.join();
        }
        assertThat(stageOf(field)).isEqualTo(to.name());
        field.moved(to);
        field.bank.accounts.add(1, 1);
        field.settled("2 1 1 - -");
    }

    /** By another instance, and this one does not look for ten minutes. */
    @ParameterizedTest
    @MethodSource("moves")
    @Guarantee("G4")
    @Guarantee("G5")
    @FailureRow(FailureRow.MISSED)
    void anInstanceThatMissedAFlipReadsAndWritesUnderTheNewStage(Stage from, Stage to) {
        try (Field field = Field.inattentive(from)) {
            field.prepare(to);
            field.scene.sql("SELECT changeover.move('accounts', '" + to + "', 'by another instance')");
            field.bank.inTransaction(() -> {
                long balance = field.bank.accounts.find(1).orElseThrow().balance();
                return field.bank.accounts.save(new Account(1, "after", balance + 4));
            });
            field.bank.accounts.add(2, 1);
            field.bank.accounts.delete(3);
            field.moved(to);
            field.settled("5 2 - - -");
        }
    }

    /** Without its fence no unit of work writes: the call fails, and nothing is on one side only. */
    @ParameterizedTest
    @EnumSource
    @Guarantee("G1")
    @Guarantee("G4")
    @FailureRow(FailureRow.MISSED)
    void withoutTheControlTablesNothingIsWrittenOrReadWrong(Stage stage) {
        Field field = FIELDS.at(stage);
        field.scene.sql("ALTER SCHEMA changeover RENAME TO away");
        try (Caller caller = field.scene.caller()) {
            caller.start(() -> field.bank.accounts.save(new Account(1, "after", 5)));
            assertThat(caller.joinFailed()).isNotNull();
            assertThat(caller.commitFailed()).isNotNull();
            assertThatThrownBy(() -> field.bank.accounts.add(2, 1)).isNotNull();
            readsRightOrNotAtAll(field);
        } finally {
            field.scene.sql("ALTER SCHEMA away RENAME TO changeover");
        }
        field.scene.awaitTrue("it is back", () -> catchThrowable(() -> field.bank.accounts.find(1)) == null);
        field.settled("1 1 1 - -");
        field.bank.accounts.save(new Account(1, "after", 5));
        field.settled("5 1 1 - -");
    }

    private static void readsRightOrNotAtAll(Field field) {
        List<Long> balances = new java.util.ArrayList<>();
        Throwable failed = catchThrowable(
                () -> balances.add(field.bank.accounts.find(1).orElseThrow().balance()));
        assertThat(failed != null || balances.equals(List.of(1L))).isTrue();
    }
}
