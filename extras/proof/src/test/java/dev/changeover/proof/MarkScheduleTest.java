package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schedules of the marks: what is written while marks are being worked off. */
class MarkScheduleTest {

    @Test
    @Guarantee("G1")
    @Counterexample("coalescing-marks")
    void aWriteDuringTheCopyLeavesAMarkOfItsOwn() {
        Probe probe = new Probe();
        try (Scene scene = probed(probe)) {
            assertThat(writeWhileItsMarkIsWorkedOff(scene, probe)).isEqualTo("2 2");
        }
    }

    @Test
    @Counterexample(value = "coalescing-marks", mutant = true)
    void oneMarkForAKeyLosesTheWriteDuringItsCopy() {
        Probe probe = new Probe();
        try (Scene scene = probed(probe)) {
            scene.sql("CREATE UNIQUE INDEX one ON changeover.mark (repository, key)");
            scene.mutate(
                    "mark",
                    "FROM unnest(p_keys) k",
                    "FROM unnest(p_keys) k ON CONFLICT (repository, key) DO UPDATE SET at = now()");
            assertThat(writeWhileItsMarkIsWorkedOff(scene, probe)).isEqualTo("2 1");
            assertThat(scene.marks()).isZero();
        }
    }

    private static Scene probed(Probe probe) {
        return Scene.open(Bank.Parts.DEFAULTS.withNextStore(store -> new ProbedStore(store, probe)));
    }

    private static String writeWhileItsMarkIsWorkedOff(Scene scene, Probe probe) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        scene.marked(() -> bank.accounts.save(new Account(1, "a", 1)));
        try (PausePoint write = probe.pauseAt("job upsert")) {
            Scene.Job<Long> drain = scene.startDrain();
            write.awaitReached();
            scene.marked(() -> bank.accounts.save(new Account(1, "a", 2)));
            write.release();
            drain.join();
        }
        scene.drain();
        return scene.balances(1);
    }

    @Test
    @Guarantee("G1")
    @Counterexample("watermark-marks")
    void aMarkThatIsCommittedLateIsWorkedOffAllTheSame() {
        try (Scene scene = Scene.open()) {
            Caller late = lowerMarkCommitsLater(scene);
            scene.drain();
            late.commit();
            assertThat(scene.drain()).isZero();
            assertThat(scene.balances(1)).isEqualTo("5 5");
        }
    }

    @Test
    @Counterexample(value = "watermark-marks", mutant = true)
    void aDrainThatRemembersTheHighestMarkMissesALowerOne() {
        try (Scene scene = Scene.open()) {
            scene.sql("CREATE TABLE watermark (id bigint); INSERT INTO watermark VALUES (0)");
            String above = "id > (SELECT max(w.id) FROM watermark w) AND ";
            scene.tap.rewriteInJobs("WHERE m.repository = ?", "WHERE m." + above + "m.repository = ?");
            scene.tap.rewriteInJobs("WHERE repository = ?", "WHERE " + above + "repository = ?");
            Caller late = lowerMarkCommitsLater(scene);
            long highest = scene.database.queryLong("SELECT max(id) FROM changeover.mark");
            scene.drain();
            scene.sql("INSERT INTO watermark VALUES (" + highest + ")");
            late.commit();
            assertThat(scene.drain()).isZero();
            assertThat(scene.balances(1)).isEqualTo("5 1");
        }
    }

    private static Caller lowerMarkCommitsLater(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        bank.accounts.save(new Account(2, "b", 1));
        Caller late = scene.caller(Scene.REPEATABLE_READ);
        late.run(() -> bank.accounts.save(new Account(1, "a", 5)));
        scene.marked(() -> bank.accounts.save(new Account(2, "b", 5)));
        return late;
    }

    @Test
    @Guarantee("G1")
    @Counterexample("authority-throws")
    @FailureRow(value = FailureRow.THROWS, stages = Stage.DUAL_WRITE)
    void whatTheAuthorityWroteBeforeItThrewIsMarked() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withLegacy(ThrowsAfterwards::new))) {
            catchAndCommit(scene);
            assertThat(scene.marks()).isOne();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("6 6");
        }
    }

    @Test
    @Counterexample(value = "authority-throws", mutant = true)
    @FailureRow(value = FailureRow.THROWS, stages = Stage.DUAL_WRITE, mutant = true)
    void anExceptionOfTheAuthorityWithoutAMarkLosesWhatItWrote() {
        try (Scene scene =
                Scene.open(Bank.Parts.DEFAULTS.withLegacy(ThrowsAfterwards::new).withControl(NoMarkAfterAThrow::new))) {
            catchAndCommit(scene);
            assertThat(scene.marks()).isZero();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("6 1");
        }
    }

    @Test
    @Guarantee("G1")
    @Counterexample("aborted-at-the-throw")
    void whatTheAuthorityWroteBeforeItAbortedIsMarkedIfTheCallerWentBackBehindThat() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withLegacy(AbortsAfterwards::new))) {
            goBackAndCommit(scene);
            assertThat(scene.marks()).isOne();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("6 6");
        }
    }

    @Test
    @Counterexample(value = "aborted-at-the-throw", mutant = true)
    void aMarkThatIsTriedOnlyAtTheThrowIsLostWithTheAbortedPart() {
        try (Scene scene = Scene.open(
                Bank.Parts.DEFAULTS.withLegacy(AbortsAfterwards::new).withControl(MarkedOnlyAtTheThrow::new))) {
            goBackAndCommit(scene);
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("6 1");
        }
    }

    private static void goBackAndCommit(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        Caller caller = scene.caller();
        caller.start(() -> bank.accounts.add(1, 5));
        assertThat(caller.joinFailed()).isExactlyInstanceOf(Afterwards.class);
        caller.sql(bank, "ROLLBACK TO SAVEPOINT authors_own");
        caller.commit();
    }

    private static void catchAndCommit(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        Caller caller = scene.caller();
        caller.start(() -> bank.accounts.add(1, 5));
        assertThat(caller.joinFailed()).isExactlyInstanceOf(Afterwards.class);
        caller.commit();
    }

    private static final class Afterwards extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class ThrowsAfterwards extends ForwardingAccounts {

        ThrowsAfterwards(Accounts accounts) {
            super(accounts);
        }

        @Override
        public int add(long id, long amount) {
            super.add(id, amount);
            throw new Afterwards();
        }
    }

    private static final class NoMarkAfterAThrow extends ForwardingControl {

        NoMarkAfterAThrow(Control control) {
            super(control);
        }

        @Override
        public void leave(Connection connection, int repository, Entry entry, List<String> keys, String reason)
                throws SQLException {
            if (!reason.equals("AUTHORITY_THREW")) {
                super.leave(connection, repository, entry, keys, reason);
            }
        }
    }

    /** Writes, sets a savepoint, and runs into an error behind it. */
    private static final class AbortsAfterwards extends ForwardingAccounts {

        private final SqlAccounts accounts;

        AbortsAfterwards(Accounts accounts) {
            super(accounts);
            this.accounts = (SqlAccounts) accounts;
        }

        @Override
        public int add(long id, long amount) {
            super.add(id, amount);
            return accounts.with(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SAVEPOINT authors_own");
                    return statement.executeUpdate("UPDATE old.account SET balance = 1 / (id - id)");
                } catch (SQLException e) {
                    throw new Afterwards();
                }
            });
        }
    }

    private static final class MarkedOnlyAtTheThrow extends ForwardingControl {

        private int tries;

        MarkedOnlyAtTheThrow(Control control) {
            super(control);
        }

        @Override
        public void leave(Connection connection, int repository, Entry entry, List<String> keys, String reason)
                throws SQLException {
            if (!reason.equals("AUTHORITY_THREW") || tries++ == 0) {
                super.leave(connection, repository, entry, keys, reason);
            }
        }
    }
}
