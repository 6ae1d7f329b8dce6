package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.SqlProjection;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.Probe;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The schedules that a live write can lose, where the server copies by itself, in one message. */
class FoldedScheduleTest {

    private static final String FOLDED = "changeover.open_folded";

    private final Probe probe = new Probe();

    private final Bank.Parts folded = Bank.Parts.DEFAULTS
            .withLegacyStore(store -> projected("old", "account", "name"))
            .withNextStore(store -> new Projected(projected("fresh", "account", "label"), probe));

    @Test
    @Guarantee("G2")
    @Counterexample("no-key-lock")
    void aFoldedCopyDoesNotOvertakeACopyThatHasRead() {
        try (Scene scene = open("")) {
            assertThat(CopyScheduleTest.writeAfterTheCopyHasRead(scene, probe)).isEqualTo("2 2");
        }
    }

    @Test
    @Counterexample(value = "no-key-lock", mutant = true)
    void aFoldedCopyWithoutTheLockIsOverwritten() {
        try (Scene scene = open("")) {
            scene.mutate("open_follower", "WHILE NOT pg_try_advisory_xact_lock(1128813415, v_hash)", "WHILE false");
            assertThat(CopyScheduleTest.writeAfterTheCopyHasRead(scene, probe)).isEqualTo("2 1");
        }
    }

    @Test
    @Guarantee("G2")
    @Counterexample("fence-in-one-statement")
    void aCopyBehindAFoldedRemovalFindsNothing() {
        try (Scene scene = open("")) {
            Caller caller = CopyScheduleTest.deleting(scene);
            Scene.Job<Long> drain = scene.startDrain();
            scene.awaitBlockedOnAdvisory(CopyScheduleTest.KEY_LOCKS);
            caller.commit();
            drain.join();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("- -");
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("leaking-setting")
    void aFoldedCopyPutsTheCallersSettingsBack() {
        try (Scene scene = open("")) {
            assertThat(CallerScheduleTest.settingsAfterAWrite(scene)).isEqualTo("3s 7s on");
            assertThat(scene.marks()).isZero();
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("deferred-constraint")
    void aDeferredConstraintSpeaksInsideAFoldedCopy() {
        try (Scene scene = open(CallerScheduleTest.OWNED + "DEFERRED")) {
            assertThat(CallerScheduleTest.saveWithoutOwner(scene, "")).isNull();
            assertThat(scene.marks()).isOne();
        }
    }

    @Test
    @Guarantee("G3")
    @Counterexample("cycle-through-follower")
    void aCycleThroughAFoldedCopyCostsTheFollower() {
        try (Scene scene = open("")) {
            CallerScheduleTest.writeInACycleThroughTheFollower(scene);
            assertThat(scene.balances(1)).isEqualTo("3 3");
        }
    }

    /** A scene whose live writes are folded; that they are is seen when it is closed. */
    private Scene open(String sql) {
        Scene scene = Scene.bare(sql);
        scene.bank(folded);
        scene.tap.watch(FOLDED);
        scene.onClose(() -> assertThat(scene.tap.executions(FOLDED)).isPositive());
        return scene;
    }

    static EntityStore<Long, Account> projected(String schema, String table, String nameColumn) {
        return JdbcStore.table(schema, table, KeyType.LONG, "id")
                .columns(nameColumn, "balance", "state")
                .projection(p -> p.yields("id", "r.id")
                        .yields("name", "r." + nameColumn)
                        .yields("balance", "r.balance")
                        .yields("state", "r.state")
                        .takes(nameColumn, "s.name")
                        .takes("balance", "s.balance")
                        .takes("state", "s.state"))
                .entity(
                        Account::id,
                        row -> new Account(
                                row.longValue("id"), row.text(nameColumn), row.longValue("balance"), row.text("state")),
                        (account, row) -> {
                            row.set(nameColumn, account.name());
                            row.set("balance", account.balance());
                            row.set("state", account.state());
                        });
    }

    /** Offers its projection, so that only background copies pass its points. */
    static final class Projected extends ProbedStore {

        private final EntityStore<Long, Account> store;

        Projected(EntityStore<Long, Account> store, Probe probe) {
            super(store, probe);
            this.store = store;
        }

        @Override
        public Optional<SqlProjection> projection() {
            return store.projection();
        }
    }
}
