package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.EntityStore;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import dev.changeover.testkit.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Schedules of the copy: what its locks, its fence and the order of its steps are for. */
class CopyScheduleTest {

    private static final String TRY_LOCKS = "pg_try_advisory_xact_lock(1128813415, h)";
    static final int KEY_LOCKS = 1128813415;

    @Test
    @Guarantee("G2")
    @Counterexample("read-then-lock")
    void aCopyReadsTheAuthorityOnlyUnderTheKeyLock() {
        try (Scene scene = Scene.open()) {
            assertThat(writeBeforeTheCopyHasItsLock(scene, () -> {})).isEqualTo("2 2");
        }
    }

    @Test
    @Counterexample(value = "read-then-lock", mutant = true)
    void aCopyThatReadsFirstLeavesTheFollowerStale() {
        ReadsFirst[] store = new ReadsFirst[1];
        try (Scene scene =
                Scene.open(Bank.Parts.DEFAULTS.withLegacyStore(legacy -> store[0] = new ReadsFirst(legacy)))) {
            assertThat(writeBeforeTheCopyHasItsLock(scene, () -> store[0].readNow(scene)))
                    .isEqualTo("2 1");
            assertThat(scene.marks()).isZero();
        }
    }

    private static String writeBeforeTheCopyHasItsLock(Scene scene, Runnable beforeTheLock) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        scene.marked(() -> bank.accounts.save(new Account(1, "a", 1)));
        try (PausePoint locks = scene.tap.pauseBefore(TRY_LOCKS)) {
            Scene.Job<Long> drain = scene.startDrain();
            locks.awaitReached();
            beforeTheLock.run();
            bank.accounts.save(new Account(1, "a", 2));
            locks.release();
            drain.join();
        }
        scene.drain();
        return scene.balances(1);
    }

    /** What a copier keeps that reads the authority before it takes its lock. */
    private static final class ReadsFirst extends ProbedStore {

        private volatile Map<Long, Account> read;

        ReadsFirst(EntityStore<Long, Account> store) {
            super(store, new Probe());
        }

        void readNow(Scene scene) {
            try (Connection connection = scene.database.connection()) {
                read = super.find(connection, List.of(1L));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Map<Long, Account> find(Connection connection, Collection<Long> keys) throws SQLException {
            return Scene.inJob() && read != null ? read : super.find(connection, keys);
        }
    }

    @Test
    @Guarantee("G2")
    @Counterexample("no-key-lock")
    void aLiveWriterDoesNotOvertakeACopyThatHasRead() {
        Probe probe = new Probe();
        try (Scene scene = probed(probe)) {
            assertThat(writeAfterTheCopyHasRead(scene, probe)).isEqualTo("2 2");
        }
    }

    @Test
    @Counterexample(value = "no-key-lock", mutant = true)
    void aCopierWithoutTheLockOverwritesALiveWrite() {
        Probe probe = new Probe();
        try (Scene scene = probed(probe)) {
            scene.tap.rewriteInJobs(TRY_LOCKS, "h IS NOT NULL");
            assertThat(writeAfterTheCopyHasRead(scene, probe)).isEqualTo("2 1");
            assertThat(scene.marks()).isZero();
        }
    }

    @Test
    @Counterexample(value = "no-key-lock", mutant = true)
    void aLiveWriterWithoutTheLockIsOverwrittenByACopy() {
        Probe probe = new Probe();
        try (Scene scene = probed(probe)) {
            scene.mutate("open_follower", "WHILE NOT pg_try_advisory_xact_lock(1128813415, v_hash)", "WHILE false");
            assertThat(writeAfterTheCopyHasRead(scene, probe)).isEqualTo("2 1");
            assertThat(scene.marks()).isZero();
        }
    }

    private static Scene probed(Probe probe) {
        return Scene.open(Bank.Parts.DEFAULTS.withNextStore(store -> new ProbedStore(store, probe)));
    }

    static String writeAfterTheCopyHasRead(Scene scene, Probe probe) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        scene.marked(() -> bank.accounts.save(new Account(1, "a", 1)));
        try (PausePoint write = probe.pauseAt("job upsert")) {
            Scene.Job<Long> drain = scene.startDrain();
            write.awaitReached();
            bank.accounts.save(new Account(1, "a", 2));
            write.release();
            drain.join();
        }
        scene.drain();
        return scene.balances(1);
    }

    @Test
    @Guarantee("G2")
    @Counterexample("fence-in-one-statement")
    @FailureRow(value = FailureRow.RACE, stages = Stage.DUAL_WRITE)
    void aCopyThatWaitedForTheLockReadsWhatWasCommittedMeanwhile() {
        try (Scene scene = Scene.open()) {
            Caller caller = deleting(scene);
            Scene.Job<Long> drain = scene.startDrain();
            scene.awaitBlockedOnAdvisory(KEY_LOCKS);
            caller.commit();
            drain.join();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("- -");
        }
    }

    @Test
    @Counterexample(value = "fence-in-one-statement", mutant = true)
    @FailureRow(value = FailureRow.RACE, stages = Stage.DUAL_WRITE, mutant = true)
    void aCopyThatLocksReadsAndWritesInOneStatementRaisesTheDead() {
        try (Scene scene = Scene.open()) {
            Caller caller = deleting(scene);
            Session copier = scene.session("copier");
            copier.start("""
                    WITH locked AS MATERIALIZED (
                             SELECT pg_advisory_xact_lock(1128813415, changeover.key_lock(1, '1'))),
                         present AS (SELECT a.* FROM locked, old.account a WHERE a.id = 1),
                         gone AS (DELETE FROM fresh.account WHERE id = 1 AND NOT EXISTS (SELECT FROM present))
                    INSERT INTO fresh.account (id, label, balance, state) SELECT * FROM present
                        ON CONFLICT (id) DO UPDATE SET balance = excluded.balance""");
            copier.awaitBlocked();
            caller.commit();
            copier.join();
            copier.commit();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("- 1");
            assertThat(scene.marks()).isZero();
        }
    }

    static Caller deleting(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        scene.marked(() -> bank.accounts.save(new Account(1, "b", 1)));
        Caller caller = scene.caller();
        caller.run(() -> bank.accounts.delete(1));
        return caller;
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    @Counterexample("unfenced-copy")
    @FailureRow(
            value = FailureRow.DRAINER,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void theAuthorityDoesNotMoveWhileACopyIsUnderWay() {
        try (Scene scene = quickMoves()) {
            Bank bank = scene.to(Stage.RAMP).bank().percent(100);
            try (PausePoint locks = pausedCopy(scene)) {
                Scene.Job<Long> paused = scene.startDrain();
                locks.awaitReached();
                scene.drain();
                assertThatThrownBy(() -> bank.to(Stage.NEW_PRIMARY))
                        .isInstanceOf(MoveRefusedException.class)
                        .hasMessageContaining("hold the fence");
                locks.release();
                paused.join();
            }
            bank.to(Stage.NEW_PRIMARY);
            scene.marked(() -> bank.accounts.save(new Account(1, "a", 9)));
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("9 9");
        }
    }

    @Test
    @Counterexample(value = "unfenced-copy", mutant = true)
    @FailureRow(
            value = FailureRow.DRAINER,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY},
            mutant = true)
    void aCopyOutsideTheFenceErasesWhatTheNewAuthorityAcknowledged() {
        try (Scene scene = quickMoves()) {
            scene.sql("CREATE OR REPLACE FUNCTION changeover.enter_copy("
                    + "p_repository integer, p_follower text, p_epoch bigint) RETURNS void LANGUAGE sql AS ''");
            Bank bank = scene.to(Stage.RAMP).bank().percent(100);
            try (PausePoint locks = pausedCopy(scene)) {
                Scene.Job<Long> paused = scene.startDrain();
                locks.awaitReached();
                scene.drain();
                bank.to(Stage.NEW_PRIMARY);
                scene.marked(() -> bank.accounts.save(new Account(1, "a", 9)));
                locks.release();
                paused.join();
            }
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("5 5");
        }
    }

    private static PausePoint pausedCopy(Scene scene) {
        Bank bank = scene.bank();
        bank.accounts.save(new Account(1, "a", 1));
        scene.marked(() -> bank.accounts.save(new Account(1, "a", 5)));
        return scene.tap.pauseBefore(TRY_LOCKS);
    }

    /** Moves that give up soon. */
    static Scene quickMoves() {
        Scene scene = Scene.bare("");
        MoveRounds rounds = new MoveRounds(Duration.ofMillis(20), 3, Duration.ofSeconds(5), 100);
        scene.bank(Bank.Parts.DEFAULTS.withControl(own -> new PostgresControl(scene.tap.dataSource(), rounds)));
        return scene;
    }

    @Test
    @Guarantee("G2")
    @Counterexample("updated-at-guard")
    void theLastWriterOfTheAuthorityIsTheLastOnTheFollower() {
        try (Scene scene = Scene.bare(STAMPED)) {
            scene.bank(Bank.Parts.DEFAULTS);
            assertThat(writeInTheOrderThatTheirTimestampsDeny(scene)).isEqualTo("1 1");
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Counterexample(value = "updated-at-guard", mutant = true)
    void aGuardByTimestampKeepsTheFollowerStaleForEver() {
        try (Scene scene = Scene.bare(STAMPED)) {
            scene.bank(Bank.Parts.DEFAULTS.withNextStore(NewerOnly::new));
            assertThat(writeInTheOrderThatTheirTimestampsDeny(scene)).isEqualTo("1 2");
            assertThat(scene.marks()).isZero();
        }
    }

    private static final String STAMPED = """
            CREATE FUNCTION old.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                NEW.state := to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US');
                RETURN NEW;
            END $$;
            CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON old.account FOR EACH ROW EXECUTE FUNCTION old.stamp()""";

    private static String writeInTheOrderThatTheirTimestampsDeny(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        Caller early = scene.caller();
        Caller late = scene.caller();
        late.run(() -> bank.accounts.save(new Account(1, "a", 2)));
        late.commit();
        early.run(() -> bank.accounts.save(new Account(1, "a", 1)));
        early.commit();
        scene.drain();
        return scene.balances(1);
    }

    /** Writes only what carries a newer timestamp, which is the time when the transaction began. */
    private static final class NewerOnly extends ProbedStore {

        NewerOnly(EntityStore<Long, Account> store) {
            super(store, new Probe());
        }

        @Override
        public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
            String sql = "INSERT INTO fresh.account AS a (id, label, balance, state) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (id) DO UPDATE SET label = excluded.label, balance = excluded.balance,"
                    + " state = excluded.state WHERE a.state < excluded.state";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (Account account : entities) {
                    statement.setLong(1, account.id());
                    statement.setString(2, account.name());
                    statement.setLong(3, account.balance());
                    statement.setString(4, account.state());
                    statement.executeUpdate();
                }
            }
        }
    }

    private static final String BEGIN = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

    @Test
    @Guarantee("G2")
    @Counterexample("repeatable-read-copier")
    @FailureRow(value = FailureRow.RACE, stages = Stage.DUAL_WRITE)
    void aCopySeesTheAuthorityOfNowWhateverTheDefaultIsolationIs() {
        try (Scene scene = repeatableReadByDefault()) {
            assertThat(deleteBehindABackfill(scene)).isEqualTo("- -");
        }
    }

    @Test
    @Counterexample(value = "repeatable-read-copier", mutant = true)
    @FailureRow(value = FailureRow.RACE, stages = Stage.DUAL_WRITE, mutant = true)
    void aCopyUnderTheDefaultIsolationOfItsRoleRaisesTheDead() {
        try (Scene scene = repeatableReadByDefault()) {
            scene.tap.rewriteInJobs(BEGIN, "SELECT 1");
            scene.sql("CREATE OR REPLACE FUNCTION changeover.require_read_committed() RETURNS void LANGUAGE sql AS ''");
            assertThat(deleteBehindABackfill(scene)).isEqualTo("- 1");
            assertThat(scene.marks()).isZero();
        }
    }

    private static Scene repeatableReadByDefault() {
        Scene scene = Scene.bare("ALTER DATABASE {database} SET default_transaction_isolation = 'repeatable read'");
        scene.bank(Bank.Parts.DEFAULTS);
        return scene.sql("INSERT INTO old.account VALUES (1, 'a', 1)").to(Stage.DUAL_WRITE);
    }

    private static String deleteBehindABackfill(Scene scene) {
        Bank bank = scene.bank();
        try (PausePoint locks = scene.tap.pauseBefore(TRY_LOCKS)) {
            Scene.Job<?> backfill =
                    scene.job(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {}));
            locks.awaitReached();
            Caller caller = scene.caller(Scene.READ_COMMITTED);
            caller.run(() -> bank.accounts.delete(1));
            caller.commit();
            locks.release();
            backfill.join();
        }
        scene.drain();
        return scene.balances(1);
    }

    @Test
    @Guarantee("G2")
    @Counterexample("hidden-by-policy")
    @Tag("direct") // the role belongs to the session, which behind a PgBouncer is not the application's
    void aHiddenRowIsAnErrorAndNotAnAbsence() {
        try (Scene scene = Scene.open()) {
            drainBehindAPolicy(scene);
            assertThat(scene.balances(1)).isEqualTo("2 1");
            assertThat(scene.marks()).isEqualTo(1);
            assertThat(scene.database.queryString("SELECT last_error FROM changeover.attempt"))
                    .contains("42501");

            scene.tap.onConnect("RESET ROLE");
            scene.bank().changeover.drain().retryParked(Bank.NAME);
            assertThat(scene.drain()).isZero();
            assertThat(scene.balances(1)).isEqualTo("2 2");
        }
    }

    @Test
    @Counterexample(value = "hidden-by-policy", mutant = true)
    @Tag("direct") // the role belongs to the session, which behind a PgBouncer is not the application's
    void aCopierThatBelievesThePolicyDeletesWhatItCannotSee() {
        try (Scene scene = Scene.open()) {
            scene.tap.rewriteInJobs("row_security = off", "row_security = on");
            drainBehindAPolicy(scene);
            assertThat(scene.balances(1)).isEqualTo("2 -");
            assertThat(scene.marks()).isZero();
        }
    }

    private static void drainBehindAPolicy(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        scene.marked(() -> bank.accounts.save(new Account(1, "a", 2)));
        scene.sql("""
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'half_blind') THEN
                        CREATE ROLE half_blind;
                    END IF;
                END $$;
                GRANT USAGE ON SCHEMA old, fresh TO half_blind;
                GRANT ALL ON ALL TABLES IN SCHEMA old, fresh TO half_blind;
                ALTER TABLE old.account ENABLE ROW LEVEL SECURITY;
                CREATE POLICY mine ON old.account TO half_blind USING (state = 'mine')""");
        scene.sql(ControlSchema.grants("half_blind"));
        scene.tap.onConnect("SET ROLE half_blind");
        scene.drain();
    }
}
