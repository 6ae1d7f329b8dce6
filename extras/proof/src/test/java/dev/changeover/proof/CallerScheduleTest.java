package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules in which the caller would lose its data, its commit or its settings to the follower. */
class CallerScheduleTest {

    @Test
    @Guarantee("G1")
    @Guarantee("G5")
    @Counterexample("read-modify-write")
    void aUnitThatMayWriteReadsTheAuthority() {
        try (Scene scene = Scene.open()) {
            assertThat(renameAfterAForeignWrite(scene)).isEqualTo("10");
        }
    }

    @Test
    @Counterexample(value = "read-modify-write", mutant = true)
    void aUnitThatSavesWhatTheFollowerReadErasesAnothersWrite() {
        AtomicReference<Bank> bank = new AtomicReference<>();
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withLegacy(legacy -> new ReadsNew(legacy, bank)))) {
            bank.set(scene.bank());
            assertThat(renameAfterAForeignWrite(scene)).isEqualTo("1");
        }
    }

    private static String renameAfterAForeignWrite(Scene scene) {
        Bank bank = rampWithAMarkedKey(scene);
        Caller caller = scene.caller();
        caller.run(() -> {
            Account read = bank.accounts.find(1).orElseThrow();
            bank.accounts.save(new Account(1, "renamed", read.balance()));
        });
        caller.commit();
        scene.drain();
        assertThat(scene.differences()).isZero();
        return scene.balance("old", 1);
    }

    private static Bank rampWithAMarkedKey(Scene scene) {
        Bank bank = scene.to(Stage.RAMP).bank().percent(100);
        bank.accounts.save(new Account(1, "a", 1));
        scene.marked(() -> bank.accounts.save(new Account(1, "a", 10)));
        return bank;
    }

    /** Serves a unit that may write from new. */
    private static final class ReadsNew extends ForwardingAccounts {

        private final AtomicReference<Bank> bank;

        ReadsNew(Accounts legacy, AtomicReference<Bank> bank) {
            super(legacy);
            this.bank = bank;
        }

        @Override
        public Optional<Account> find(long id) {
            return bank.get().next.find(id);
        }
    }

    @Test
    @Guarantee("G5")
    @Counterexample("read-modify-write")
    void aReadOutsideATransactionAsksForMarks() {
        try (Scene scene = Scene.open()) {
            Bank bank = rampWithAMarkedKey(scene);
            assertThat(bank.accounts.find(1)).map(Account::balance).contains(10L);
            scene.drain();
            bank.accounts.find(1);
            assertThat(bank.events.served).last().isEqualTo("find NEW");
        }
    }

    @Test
    @Counterexample(value = "read-modify-write", mutant = true)
    void aReadThatDoesNotAskForMarksReturnsWhatIsKnownToBeOld() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withControl(KnowsNoMarks::new))) {
            assertThat(rampWithAMarkedKey(scene).accounts.find(1))
                    .map(Account::balance)
                    .contains(1L);
        }
    }

    private static final class KnowsNoMarks extends ForwardingControl {

        KnowsNoMarks(Control control) {
            super(control);
        }

        @Override
        public Answer ask(Connection connection, int repository, String key) throws SQLException {
            Answer answer = super.ask(connection, repository, key);
            return new Answer(answer.stage(), answer.percent(), null);
        }
    }

    @Test
    @Guarantee("G2")
    @Counterexample("repeatable-read-writer")
    void aWriteUnderASnapshotIsMarked() {
        try (Scene scene = Scene.open()) {
            assertThat(deleteUnderASnapshotOlderThanTheCopy(scene)).isEqualTo("- -");
        }
    }

    @Test
    @Counterexample(value = "repeatable-read-writer", mutant = true)
    void aWriteUnderASnapshotThatIsOnlyCopiedLeavesAGhost() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withControl(CopiesAlways::new))) {
            assertThat(deleteUnderASnapshotOlderThanTheCopy(scene)).isEqualTo("- 1");
            assertThat(scene.marks()).isZero();
        }
    }

    private static String deleteUnderASnapshotOlderThanTheCopy(Scene scene) {
        scene.sql("INSERT INTO old.account VALUES (1, 'a', 1)").to(Stage.DUAL_WRITE);
        Bank bank = scene.bank();
        Caller caller = scene.caller(Scene.REPEATABLE_READ);
        bank.changeover.backfill(Bank.NAME).run(progress -> {});
        caller.run(() -> bank.accounts.delete(1));
        caller.commit();
        scene.drain();
        return scene.balances(1);
    }

    /** Lets every write copy in its own transaction, whatever its isolation. */
    private static final class CopiesAlways extends ForwardingControl {

        CopiesAlways(Control control) {
            super(control);
        }

        @Override
        public Entry enter(Connection connection, int repository, List<String> keys) throws SQLException {
            Entry entry = super.enter(connection, repository, keys);
            return new Entry(
                    entry.stage(),
                    entry.epoch(),
                    entry.backend(),
                    true,
                    entry.backfilled(),
                    entry.stale(),
                    entry.sign());
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("serializable-writer")
    void aConflictOnTheFollowerDoesNotFailASerializableCommit() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withNextStore(ReadsAllAndFails::new))) {
            assertThat(writeTwoKeysUnderSerializable(scene)).isNull();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("11 11");
            assertThat(scene.balances(2)).isEqualTo("11 11");
        }
    }

    @Test
    @Counterexample(value = "serializable-writer", mutant = true)
    void aConflictInsideTheSavepointFailsTheCommitAllTheSame() {
        try (Scene scene = Scene.open(
                Bank.Parts.DEFAULTS.withNextStore(ReadsAllAndFails::new).withControl(CopiesAlways::new))) {
            assertThat(writeTwoKeysUnderSerializable(scene))
                    .isInstanceOfSatisfying(
                            IllegalStateException.class,
                            e -> assertThat(((SQLException) e.getCause()).getSQLState())
                                    .isEqualTo("40001"));
        }
    }

    private static Throwable writeTwoKeysUnderSerializable(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        scene.sql("INSERT INTO old.account VALUES (1, 'a', 1), (2, 'b', 1)");
        bank.changeover.backfill(Bank.NAME).run(progress -> {});
        Caller first = scene.caller(Scene.SERIALIZABLE);
        Caller second = scene.caller(Scene.SERIALIZABLE);
        first.run(() -> bank.accounts.add(1, 5));
        second.run(() -> bank.accounts.add(2, 5));
        first.run(() -> bank.accounts.add(1, 5));
        second.run(() -> bank.accounts.add(2, 5));
        first.commit();
        return second.commitFailed();
    }

    /** A follower whose copy reads more than its key, and fails after it has written. */
    private static final class ReadsAllAndFails extends ProbedStore {

        ReadsAllAndFails(EntityStore<Long, Account> store) {
            super(store, new Probe());
        }

        @Override
        public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
            execute(connection, "SELECT sum(balance) FROM fresh.account");
            super.upsert(connection, entities);
            if (!Scene.inJob()) {
                throw new IllegalStateException("after the write");
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static final String OWNED = "CREATE TABLE fresh.owner (id bigint PRIMARY KEY);"
            + " ALTER TABLE fresh.account ADD CONSTRAINT \"Owned\" FOREIGN KEY (balance) REFERENCES fresh.owner"
            + " DEFERRABLE INITIALLY ";

    @Test
    @Guarantee("G3")
    @Counterexample("deferred-constraint")
    void aDeferredConstraintOfTheFollowerDoesNotFailTheCallersCommit() {
        try (Scene scene = Scene.bare(OWNED + "DEFERRED")) {
            scene.bank(Bank.Parts.DEFAULTS);
            assertThat(saveWithoutOwner(scene, "")).isNull();
            assertThat(scene.marks()).isOne();
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("deferred-constraint")
    void aConstraintThatTheCallerDeferredDoesNotFailItsCommit() {
        try (Scene scene = Scene.bare(OWNED + "IMMEDIATE")) {
            scene.bank(Bank.Parts.DEFAULTS);
            assertThat(saveWithoutOwner(scene, "SET CONSTRAINTS ALL DEFERRED")).isNull();
            assertThat(scene.marks()).isOne();
        }
    }

    @Test
    @Counterexample(value = "deferred-constraint", mutant = true)
    void aDeferredConstraintThatNobodyMakesSpeakFailsTheCallersCommit() {
        try (Scene scene = Scene.bare(OWNED + "DEFERRED")) {
            scene.bank(Bank.Parts.DEFAULTS.withControl(LeavesConstraints::new));
            assertThat(saveWithoutOwner(scene, "")).isNotNull();
        }
    }

    static Throwable saveWithoutOwner(Scene scene, String before) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        Caller caller = scene.caller();
        if (!before.isEmpty()) {
            caller.sql(bank, before);
        }
        caller.run(() -> bank.accounts.save(new Account(1, "a", 7)));
        return caller.commitFailed();
    }

    private static final class LeavesConstraints extends ForwardingControl {

        LeavesConstraints(Control control) {
            super(control);
        }

        @Override
        public List<String> deferredConstraints(Connection connection, List<String> tables) {
            return List.of();
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("deferred-constraint")
    void aDeferredConstraintThatRefersToTheFollowerDoesNotFailTheCallersCommit() {
        try (Scene scene = Scene.bare("CREATE TABLE fresh.card (id bigint PRIMARY KEY,"
                + " account bigint REFERENCES fresh.account DEFERRABLE INITIALLY DEFERRED)")) {
            scene.bank(Bank.Parts.DEFAULTS);
            Bank bank = scene.to(Stage.DUAL_WRITE).bank();
            bank.accounts.save(new Account(1, "a", 1));
            scene.sql("INSERT INTO fresh.card VALUES (1, 1)");
            Caller caller = scene.caller();
            caller.run(() -> bank.accounts.delete(1));
            caller.commit();
            assertThat(scene.balances(1)).isEqualTo("- 1");
            assertThat(scene.marks()).isOne();
        }
    }

    private static final String SETTINGS = "SELECT concat_ws(' ', current_setting('lock_timeout'),"
            + " current_setting('statement_timeout'), current_setting('row_security'))";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Guarantee("G3")
    @Counterexample("leaking-setting")
    void theCallersSettingsAreItsOwnAfterAWrite(boolean fails) {
        Probe probe = new Probe();
        if (fails) {
            probe.throwAt("upsert", IllegalStateException::new);
        }
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withNextStore(store -> new ProbedStore(store, probe)))) {
            assertThat(settingsAfterAWrite(scene)).isEqualTo("3s 7s on");
            assertThat(scene.marks()).isEqualTo(fails ? 1 : 0);
        }
    }

    @Test
    @Counterexample(value = "leaking-setting", mutant = true)
    void settingsThatAreNotPutBackSurviveTheSavepoint() {
        try (Scene scene = Scene.open()) {
            scene.sql("CREATE OR REPLACE FUNCTION changeover.close_follower(p_repository integer, p_right text,"
                    + " p_sign text, p_marks bigint[]) RETURNS void LANGUAGE sql AS ''");
            assertThat(settingsAfterAWrite(scene)).isEqualTo("20ms 500ms off");
        }
    }

    static String settingsAfterAWrite(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        Caller caller = scene.caller();
        caller.sql(bank, "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '7s'");
        caller.run(() -> bank.accounts.save(new Account(1, "a", 1)));
        String after = caller.get(() -> scene.queryOn(bank.connection(), SETTINGS));
        caller.commit();
        return after;
    }

    @Test
    @Guarantee("G3")
    @Counterexample("leaking-setting")
    void constraintsThatWereDeferredAreDeferredAgainAfterAWrite() {
        try (Scene scene = Scene.bare(OWNED + "DEFERRED")) {
            scene.bank(Bank.Parts.DEFAULTS);
            scene.sql("INSERT INTO fresh.owner VALUES (1)");
            Bank bank = scene.to(Stage.DUAL_WRITE).bank();
            Caller caller = scene.caller();
            caller.run(() -> bank.accounts.save(new Account(1, "a", 1)));
            caller.sql(bank, "INSERT INTO fresh.account VALUES (2, 'own', 2, 'open')");
            caller.sql(bank, "INSERT INTO fresh.owner VALUES (2)");
            caller.commit();
            assertThat(scene.marks()).isZero();
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("cycle-through-follower")
    void aCycleThroughARowOfTheFollowerCostsTheFollower() {
        try (Scene scene = Scene.open()) {
            writeInACycleThroughTheFollower(scene);
            assertThat(scene.balances(1)).isEqualTo("3 3");
        }
    }

    static void writeInACycleThroughTheFollower(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        Caller second = holdingTheFollowersRow(scene);
        Caller first = scene.caller();
        first.run(() -> bank.accounts.add(1, 1));
        assertThat(bank.events.marks).contains("LOCKED");
        second.start(() -> bank.accounts.add(1, 1)).awaitBlocked();
        first.commit();
        assertThat(second.joinFailed()).isNull();
        second.commit();
        scene.drain();
    }

    @Test
    @Counterexample(value = "cycle-through-follower", mutant = true)
    void aFollowerThatWaitsLongerThanTheDeadlockCheckKillsACaller() {
        try (Scene scene = Scene.open()) {
            Bank bank = scene.to(Stage.DUAL_WRITE).bank();
            bank.accounts.save(new Account(1, "a", 1));
            scene.mutate("open_follower", "p_lock_ms || 'ms'", "'20s'");
            scene.mutate("open_follower", "p_statement_ms || 'ms'", "'20s'");
            Caller second = holdingTheFollowersRow(scene);
            Caller first = scene.caller();
            first.sql(bank, "SET LOCAL deadlock_timeout = '30s'");
            first.start(() -> bank.accounts.add(1, 1)).awaitBlocked();
            second.start(() -> bank.accounts.add(1, 1));
            assertThat(second.joinFailed())
                    .isInstanceOfSatisfying(
                            SqlAccounts.SqlFailure.class,
                            e -> assertThat(e.state()).isEqualTo("40P01"));
            second.rollback();
            first.join();
        }
    }

    /** By a foreign unique value, a foreign key or a stray statement: a row of new without its key lock. */
    static Caller holdingTheFollowersRow(Scene scene) {
        Caller caller = scene.caller();
        caller.sql(scene.bank(), "SELECT FROM fresh.account WHERE id = 1 FOR UPDATE");
        return caller;
    }

    @Test
    @Guarantee("G3")
    @Counterexample("cycle-late")
    void noWaitForAKeyLockClosesACycleThatWasWaitingFirst() {
        try (Scene scene = patientFollowers()) {
            Late late = keyLockedBySomebodyWhoWaitsForTheRow(scene);
            assertThat(late.first.joinFailed()).isNull();
            late.first.commit();
            assertThat(late.second.joinFailed()).isNull();
            late.second.commit();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("1 1");
        }
    }

    @Test
    @Counterexample(value = "cycle-late", mutant = true)
    void aWaitInTheQueueOfAKeyLockKillsTheCallerThatWasWaitingFirst() {
        try (Scene scene = patientFollowers()) {
            scene.mutate(
                    "open_follower",
                    "WHILE NOT pg_try_advisory_xact_lock(1128813415, v_hash)",
                    "PERFORM pg_advisory_xact_lock(1128813415, v_hash); WHILE false");
            Late late = keyLockedBySomebodyWhoWaitsForTheRow(scene);
            assertThat(late.second.joinFailed())
                    .isInstanceOfSatisfying(
                            SqlAccounts.SqlFailure.class,
                            e -> assertThat(e.state()).isEqualTo("40P01"));
            late.second.rollback();
            late.first.join();
        }
    }

    private record Late(Caller first, Caller second) {}

    /** Waits up to 1.8 s for the follower, which is below the server's deadlock check of 10 s. */
    private static Scene patientFollowers() {
        Scene scene = Scene.bare("ALTER DATABASE {database} SET deadlock_timeout = '10s'");
        scene.bank(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.limits(new FollowerLimits(1_800, 1_800, 4_000))));
        return scene;
    }

    /** The second caller's own deadlock check comes 2 s after it began to wait; the cycle closes shortly before. */
    private static Late keyLockedBySomebodyWhoWaitsForTheRow(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        Caller second = scene.caller();
        second.sql(bank, "SET LOCAL deadlock_timeout = '2s'");
        second.run(() -> bank.accounts.delete(1));
        Caller first = scene.caller();
        try (PausePoint open = scene.tap.pauseBefore("changeover.open_follower")) {
            first.start(() -> bank.accounts.save(new Account(1, "a", 1)));
            open.awaitReached();
            second.start(() -> bank.accounts.save(new Account(1, "a", 1))).awaitBlocked();
            scene.await(
                    "the second has waited for half a second",
                    "SELECT count(*) FROM pg_locks WHERE pid = " + second.pid()
                            + " AND waitstart < clock_timestamp() - interval '500 ms'");
            open.release();
        }
        return new Late(first, second);
    }
}
