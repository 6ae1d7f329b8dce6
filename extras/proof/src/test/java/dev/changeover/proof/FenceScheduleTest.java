package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.FenceException;
import dev.changeover.core.KeyType;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.StageChangedException;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules of the fence: units of work that meet a change of stage. */
class FenceScheduleTest {

    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    @Counterexample("enter-one-statement")
    void aWriterThatWaitedForAMoveWritesUnderTheNewStage() {
        try (Scene scene = Scene.open()) {
            assertThat(writeWhileAMoveCommits(scene)).isEqualTo("1 1");
        }
    }

    @Test
    @Counterexample(value = "enter-one-statement", mutant = true)
    void aFenceThatReadsTheStageWithTheLockAnswersTheStageThatWasLeft() {
        try (Scene scene = Scene.open()) {
            scene.sql("""
                    CREATE OR REPLACE FUNCTION changeover.enter(p_repository integer, p_keys text[])
                        RETURNS TABLE (stage text, epoch bigint, backend integer, isolation text, backfilled boolean,
                                       stale boolean, sign text)
                        LANGUAGE sql VOLATILE AS $$
                        WITH fence AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(1128813414, p_repository))
                        SELECT r.stage, r.epoch, pg_backend_pid(), current_setting('transaction_isolation'), r.backfilled,
                               r.stale IS NOT NULL, NULL
                          FROM fence, changeover.repository r WHERE r.number = p_repository
                    $$""");
            assertThat(writeWhileAMoveCommits(scene)).isEqualTo("1 -");
            assertThat(scene.marks()).isZero();
        }
    }

    private static String writeWhileAMoveCommits(Scene scene) {
        Bank bank = scene.bank();
        Session mover = scene.session("mover");
        mover.run("SELECT changeover.move('accounts', 'DUAL_WRITE', 'a schedule')");
        Caller caller = scene.caller();
        caller.start(() -> bank.accounts.save(new Account(1, "a", 1))).awaitBlocked();
        mover.commit();
        caller.join();
        caller.commit();
        return scene.balances(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    @Guarantee("G4")
    @Counterexample("enter-one-statement")
    void aSnapshotThatIsOlderThanTheStageCannotWrite(int isolation) {
        try (Scene scene = Scene.open()) {
            Bank bank = scene.bank();
            Caller caller = scene.caller(Scene.isolation(isolation));
            scene.to(Stage.DUAL_WRITE);
            caller.start(() -> bank.accounts.save(new Account(1, "a", 1)));
            assertThat(caller.joinFailed()).isInstanceOf(FenceException.class).hasMessageContaining("serialize");
            assertThat(caller.commitFailed()).isNotNull();
        }
    }

    @Test
    @Guarantee("G9")
    void theEndOfABackfillNeitherFailsNorAwaitsAWriterUnderASnapshot() {
        try (Scene scene = Scene.open()) {
            Bank bank = scene.to(Stage.DUAL_WRITE).bank();
            Caller before = scene.caller(Scene.REPEATABLE_READ);
            Caller writing = scene.caller(Scene.REPEATABLE_READ);
            writing.run(() -> bank.accounts.save(new Account(1, "a", 1)));
            scene.job(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {}))
                    .join();
            before.run(() -> bank.accounts.save(new Account(2, "b", 1)));
            before.commit();
            writing.commit();
            assertThat(scene.drain()).isZero();
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    @Counterexample("entry-remembered")
    @FailureRow(
            value = FailureRow.SAVEPOINT,
            stages = {Stage.LEGACY_ONLY, Stage.DUAL_WRITE})
    void aUnitThatGaveTheFenceAwayEntersItAgain() {
        try (Scene scene = Scene.open()) {
            assertThat(moveAfterARollbackToTheCallersSavepoint(scene)).isEqualTo("1 1");
        }
    }

    @Test
    @Counterexample(value = "entry-remembered", mutant = true)
    @FailureRow(
            value = FailureRow.SAVEPOINT,
            stages = {Stage.LEGACY_ONLY, Stage.DUAL_WRITE},
            mutant = true)
    void aRememberedEntryCommitsUnderTheStageThatWasLeft() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withControl(Remembers::new))) {
            assertThat(moveAfterARollbackToTheCallersSavepoint(scene)).isEqualTo("1 -");
            assertThat(scene.marks()).isZero();
        }
    }

    private static String moveAfterARollbackToTheCallersSavepoint(Scene scene) {
        Bank bank = scene.bank();
        Caller caller = scene.caller();
        caller.sql(bank, "SAVEPOINT mine");
        caller.run(() -> bank.accounts.save(new Account(7, "a", 7)));
        caller.sql(bank, "ROLLBACK TO SAVEPOINT mine");
        scene.to(Stage.DUAL_WRITE);
        caller.run(() -> bank.accounts.save(new Account(1, "a", 1)));
        caller.commit();
        return scene.balances(1);
    }

    /** Enters at the first write of a unit only. */
    private static final class Remembers extends ForwardingControl {

        private final Map<Thread, Entry> entries = new ConcurrentHashMap<>();

        Remembers(Control control) {
            super(control);
        }

        @Override
        public Entry enter(Connection connection, int repository, List<String> keys) throws SQLException {
            Entry known = entries.get(Thread.currentThread());
            if (known != null) {
                return known;
            }
            Entry entry = super.enter(connection, repository, keys);
            entries.put(Thread.currentThread(), entry);
            return entry;
        }
    }

    @Test
    @Guarantee("G4")
    @Counterexample("entry-remembered")
    @FailureRow(
            value = FailureRow.SAVEPOINT,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void aUnitThatWroteToTheOldAuthorityCannotGoOnUnderTheNew() {
        try (Scene scene = Scene.open()) {
            Bank bank = scene.to(Stage.RAMP).bank().percent(100);
            Caller caller = scene.caller();
            caller.sql(bank, "SAVEPOINT mine");
            caller.run(() -> bank.accounts.save(new Account(1, "a", 1)));
            caller.sql(bank, "ROLLBACK TO SAVEPOINT mine");
            scene.to(Stage.NEW_PRIMARY);
            caller.start(() -> bank.accounts.save(new Account(2, "a", 1)));
            assertThat(caller.joinFailed()).isInstanceOf(StageChangedException.class);
            assertThat(caller.commitFailed()).isNotNull();
            assertThat(scene.balances(2)).isEqualTo("- -");
        }
    }

    @Test
    @Guarantee("G3")
    @Guarantee("G4")
    @Counterexample("phase-dependent-order")
    void twoUnitsNeverWriteTheSidesInTwoOrders() {
        try (Scene scene = CopyScheduleTest.quickMoves()) {
            Bank bank = scene.to(Stage.RAMP).bank().percent(100);
            bank.accounts.save(new Account(1, "a", 1));
            Caller first = scene.caller();
            first.run(() -> bank.accounts.add(1, 1));
            assertThatThrownBy(() -> bank.to(Stage.NEW_PRIMARY)).isInstanceOf(MoveRefusedException.class);
            Caller second = scene.caller();
            second.start(() -> bank.accounts.add(1, 1)).awaitBlocked();
            first.commit();
            second.join();
            second.commit();
            assertThat(scene.balances(1)).isEqualTo("3 3");
            bank.to(Stage.NEW_PRIMARY);
        }
    }

    @Test
    @Counterexample(value = "phase-dependent-order", mutant = true)
    void unitsOfTwoStagesDeadlock() {
        try (Scene scene = Scene.open()) {
            scene.to(Stage.DUAL_WRITE).bank().accounts.save(new Account(1, "a", 1));
            Session ramp = scene.session("under RAMP");
            Session primary = scene.session("under NEW_PRIMARY");
            ramp.run("UPDATE old.account SET balance = 2 WHERE id = 1");
            primary.run("UPDATE fresh.account SET balance = 3 WHERE id = 1");
            ramp.start("UPDATE fresh.account SET balance = 2 WHERE id = 1");
            ramp.awaitBlocked();
            primary.start("UPDATE old.account SET balance = 3 WHERE id = 1");
            assertThat(Stream.of(ramp.joinFailed(), primary.joinFailed())
                            .filter(Objects::nonNull)
                            .map(failure -> ((SQLException) failure).getSQLState()))
                    .containsExactly("40P01");
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("parent-behind")
    void aParentDoesNotMoveItsAuthorityAwayFromItsChildren() {
        try (Scene scene = withCards()) {
            Bank bank = scene.bank();
            Accounts cards = cards(bank);
            bank.to(Stage.RAMP).percent(100);
            bank.changeover.stages().move("cards", Stage.DUAL_WRITE, "test", "a schedule");
            assertThatThrownBy(() -> bank.to(Stage.NEW_PRIMARY))
                    .isInstanceOfSatisfying(
                            MoveRefusedException.class,
                            e -> assertThat(e.code()).isEqualTo("CO016"));
            scene.marked(() -> bank.accounts.save(new Account(7, "owner", 1)));
            cards.save(new Account(1, "card", 7));
            assertThat(scene.database.queryLong("SELECT count(*) FROM old.card"))
                    .isOne();
        }
    }

    @Test
    @Counterexample(value = "parent-behind", mutant = true)
    void aChildOfAParentThatLeadsOnNewFailsOnLegacy() {
        try (Scene scene = withCards()) {
            Bank bank = scene.bank();
            Accounts cards = cards(bank);
            bank.to(Stage.RAMP).percent(100);
            bank.changeover.stages().move("cards", Stage.DUAL_WRITE, "test", "a schedule");
            scene.sql("CREATE OR REPLACE FUNCTION changeover.check_dependencies(p_moved text[]) RETURNS void"
                    + " LANGUAGE sql AS ''");
            bank.to(Stage.NEW_PRIMARY);
            scene.marked(() -> bank.accounts.save(new Account(7, "owner", 1)));
            assertThatThrownBy(() -> cards.save(new Account(1, "card", 7)))
                    .isInstanceOfSatisfying(
                            SqlAccounts.SqlFailure.class,
                            e -> assertThat(e.state()).isEqualTo("23503"));
        }
    }

    /** Cards refer to accounts on both sides; their owner is kept in the column "balance". */
    private static Scene withCards() {
        Scene scene = Scene.bare("""
                CREATE TABLE old.card (id bigint PRIMARY KEY, name text NOT NULL,
                    balance bigint NOT NULL REFERENCES old.account, state text NOT NULL);
                CREATE TABLE fresh.card (id bigint PRIMARY KEY, label text NOT NULL,
                    balance bigint NOT NULL REFERENCES fresh.account, state text NOT NULL)""");
        scene.bank(Bank.Parts.DEFAULTS);
        return scene;
    }

    private static Accounts cards(Bank bank) {
        return bank.changeover
                .repository("cards", Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(
                        new SqlAccounts(bank.transactions.dataSource(), "old.card", "name"),
                        Bank.store("old", "card", "name"))
                .next(
                        new SqlAccounts(bank.transactions.dataSource(), "fresh.card", "label"),
                        Bank.store("fresh", "card", "label"))
                .dependsOn(Bank.NAME)
                .route(Bank::routes)
                .build();
    }

    @Test
    @Guarantee("G3")
    @Guarantee("G4")
    @FailureRow(value = FailureRow.FLIP, stages = Stage.RAMP)
    void aMoveThatMeetsALockedFollowerRowDoesNotKeepWritersOut() {
        try (Scene scene = CopyScheduleTest.quickMoves()) {
            Bank bank = scene.to(Stage.RAMP).bank().percent(100);
            bank.accounts.save(new Account(1, "a", 1));
            scene.marked(() -> bank.accounts.save(new Account(1, "a", 5)));
            Session stranger = scene.session("stranger");
            stranger.run("SELECT FROM fresh.account WHERE id = 1 FOR UPDATE");
            Scene.Job<?> move = scene.job(() -> bank.to(Stage.NEW_PRIMARY));
            scene.await(
                    "the move holds the fence or has given up",
                    "SELECT count(*) FROM pg_locks WHERE mode = 'ExclusiveLock' AND locktype = 'advisory'"
                            + " AND classid = 1128813414 AND granted");
            Caller caller = scene.caller();
            caller.run(() -> bank.accounts.save(new Account(2, "a", 1)));
            caller.commit();
            assertThat(move.joinFailed()).isInstanceOf(MoveRefusedException.class);
            assertThat(bank.changeover.stages().of(Bank.NAME).stage()).isEqualTo(Stage.RAMP);
            stranger.commit();
            bank.to(Stage.NEW_PRIMARY);
            assertThat(scene.balances(1)).isEqualTo("5 5");
        }
    }
}
