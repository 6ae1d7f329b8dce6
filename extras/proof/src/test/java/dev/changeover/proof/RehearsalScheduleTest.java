package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.FoldedFind;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Schedules of the rehearsal of new's own methods. */
class RehearsalScheduleTest {

    private static final Bank.Parts REHEARSES =
            Bank.Parts.DEFAULTS.withBuilder(builder -> builder.route(m -> m.rehearses("add")));

    @Test
    @Guarantee("G6")
    @Counterexample("rehearse-on-stale")
    void aWriteIsNotRehearsedOnARowThatLacksTheOneBefore() {
        try (Scene scene = Scene.open(REHEARSES)) {
            addToAMarkedKey(scene);
            assertThat(scene.bank().events.rehearsals).containsExactly("add equal", "add skipped MARKED");
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("16 16");
        }
    }

    @Test
    @Counterexample(value = "rehearse-on-stale", mutant = true)
    void aRehearsalOnAStaleRowReportsADivergenceThatIsNone() {
        try (Scene scene = Scene.open(REHEARSES.withControl(HidesMarks::new))) {
            addToAMarkedKey(scene);
            assertThat(scene.bank().events.rehearsals)
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("VALUE");
            assertThat(scene.balances(1)).isEqualTo("16 16");
        }
    }

    @Test
    void onlyTheKeysOfTheSampleAreRehearsedAndAreTheSameEachTime() {
        Bank.Parts sampled = Bank.Parts.DEFAULTS.withBuilder(
                builder -> builder.route(m -> m.rehearses("add")).rehearsalPercent(40));
        try (Scene scene = Scene.open(sampled)) {
            Bank bank = scene.to(Stage.DUAL_WRITE).bank();
            for (int id = 1; id <= 100; id++) {
                bank.accounts.save(new Account(id, "a" + id, 1));
                bank.accounts.add(id, 1);
            }
            int once = bank.events.rehearsals.size();
            for (int id = 1; id <= 100; id++) {
                bank.accounts.add(id, 1);
            }

            assertThat(once).isBetween(20, 60);
            assertThat(bank.events.rehearsals).hasSize(2 * once).containsOnly("add equal");
            assertThat(scene.differences()).isZero();
        }
    }

    private static void addToAMarkedKey(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        bank.accounts.add(1, 5);
        scene.marked(() -> bank.accounts.save(new Account(1, "a", 11)));
        bank.accounts.add(1, 5);
    }

    private static final class HidesMarks extends ForwardingControl {

        HidesMarks(Control control) {
            super(control);
        }

        @Override
        public Answer ask(Connection connection, int repository, String key) throws SQLException {
            Answer answer = super.ask(connection, repository, key);
            return new Answer(answer.stage(), answer.percent(), null);
        }

        @Override
        public OpenedFollower openFollower(
                Connection connection, int repository, Entry entry, List<String> keys, FollowerLimits limits)
                throws SQLException {
            return new OpenedFollower(
                    super.openFollower(connection, repository, entry, keys, limits)
                            .locked(),
                    List.of(),
                    false,
                    List.of());
        }

        @Override
        public <K, V> OpenedWithStates<K, V> openFollower(
                Connection connection,
                int repository,
                Entry entry,
                List<String> keys,
                FollowerLimits limits,
                FoldedFind<K, V> find)
                throws SQLException {
            OpenedWithStates<K, V> found = super.openFollower(connection, repository, entry, keys, limits, find);
            return new OpenedWithStates<>(
                    new OpenedFollower(found.opened().locked(), List.of(), false, List.of()), found.states());
        }
    }

    @Test
    @Guarantee("G6")
    @Counterexample("rehearse-on-stale")
    void aMarkThatIsCommittedBetweenTheMarksAndTheStateIsSeen() {
        Probe probe = new Probe();
        try (Scene scene = Scene.open(REHEARSES.withLegacyStore(store -> new ProbedStore(store, probe)))) {
            Bank bank = scene.to(Stage.DUAL_WRITE).bank();
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
            try (PausePoint find = probe.pauseAt("find")) {
                Caller caller = scene.caller();
                caller.start(() -> bank.accounts.add(1, 5));
                find.awaitReached();
                scene.marked(() -> bank.accounts.save(new Account(1, "a", 1)));
                find.release();
                caller.join();
                caller.commit();
            }
            assertThat(bank.events.rehearsals).containsExactly("add skipped MARKED");
            scene.drain();
            assertThat(scene.differences()).isZero();
        }
    }

    /** A statement that finds no row locks none, so another caller's row can come before the key lock does. */
    @Test
    @Guarantee("G6")
    void aRowThatCameAfterTheAuthoritysStatementIsNoDivergence() {
        assertThat(deleteBesideAnInsert(UnaryOperator.identity())).containsExactly("delete skipped MARKED");
    }

    @Test
    void aRehearsalThatLocksItsKeyAfterTheAuthorityAccusesNewFalsely() {
        assertThat(deleteBesideAnInsert(LocksLate::new)).anyMatch(told -> told.contains("MISSING"));
    }

    private static List<String> deleteBesideAnInsert(UnaryOperator<Control> control) {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS
                .withControl(control)
                .withBuilder(builder -> builder.route(m -> m.rehearses("delete"))))) {
            Bank bank = scene.to(Stage.DUAL_WRITE).bank();
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
            Caller caller = scene.caller();
            try (PausePoint open = scene.tap.pauseBefore("changeover.open_follower")) {
                caller.start(() -> bank.accounts.delete(1));
                open.awaitReached();
                bank.accounts.save(new Account(1, "a", 1));
                open.release();
                caller.join();
            }
            caller.commit();
            assertThat(scene.balances(1)).isEqualTo("1 1");
            return List.copyOf(bank.events.rehearsals);
        }
    }

    private static final class LocksLate extends ForwardingControl {

        LocksLate(Control control) {
            super(control);
        }

        @Override
        public boolean reserve(Connection connection, int repository, List<String> keys) {
            return true;
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("proxy-rollback-only")
    void anExceptionOfTheRehearsedMethodLeavesTheCallersCommitAlone() {
        try (Scene scene = Scene.open(REHEARSES.withNext(Throws::new))) {
            assertThat(addOnceMore(scene)).isNull();
            assertThat(scene.bank().events.rehearsals)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("ERROR");
            assertThat(scene.balances(1)).isEqualTo("6 6");
        }
    }

    @Test
    @Counterexample(value = "proxy-rollback-only", mutant = true)
    void anExceptionThroughATransactionProxyFailsTheCallersCommit() {
        AtomicReference<Bank> bank = new AtomicReference<>();
        try (Scene scene = Scene.open(REHEARSES.withNext(next -> new Participating(new Throws(next), bank)))) {
            bank.set(scene.bank());
            assertThat(addOnceMore(scene)).isNotNull();
            assertThat(scene.balances(1)).isEqualTo("1 1");
        }
    }

    private static Throwable addOnceMore(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        Caller caller = scene.caller();
        caller.run(() -> bank.accounts.add(1, 5));
        return caller.commitFailed();
    }

    private static final class Throws extends ForwardingAccounts {

        Throws(Accounts accounts) {
            super(accounts);
        }

        @Override
        public int add(long id, long amount) {
            throw new IllegalStateException("not ported yet");
        }
    }

    /** Does what a transaction manager's proxy does that joined the transaction of its caller. */
    private static final class Participating extends ForwardingAccounts {

        private final AtomicReference<Bank> bank;

        Participating(Accounts accounts, AtomicReference<Bank> bank) {
            super(accounts);
            this.bank = bank;
        }

        @Override
        public int add(long id, long amount) {
            try {
                return super.add(id, amount);
            } catch (RuntimeException e) {
                bank.get().transactions.current().setRollbackOnly();
                throw e;
            }
        }
    }
}
