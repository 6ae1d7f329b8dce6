package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import dev.changeover.testkit.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Schedules of the backfill beside live writers. */
class BackfillScheduleTest {

    @Test
    @Guarantee("G2")
    @Guarantee("G9")
    @Counterexample("unlocked-backfill")
    @FailureRow(value = FailureRow.RACE, stages = Stage.DUAL_WRITE)
    void aBackfillDoesNotRaiseWhatIsDeletedBesideIt() {
        Probe probe = new Probe();
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withNextStore(store -> new ProbedStore(store, probe)))) {
            scene.sql("INSERT INTO old.account VALUES (1, 'a', 1)").to(Stage.DUAL_WRITE);
            try (PausePoint insert = probe.pauseAt("job insertMissing")) {
                Scene.Job<?> backfill = startBackfill(scene);
                insert.awaitReached();
                scene.bank().accounts.delete(1);
                insert.release();
                backfill.join();
            }
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("- -");
        }
    }

    @Test
    @Counterexample(value = "unlocked-backfill", mutant = true)
    @FailureRow(value = FailureRow.RACE, stages = Stage.DUAL_WRITE, mutant = true)
    void aBackfillInOneStatementWithoutKeyLocksRaisesTheDead() {
        try (Scene scene = Scene.open()) {
            scene.sql("INSERT INTO old.account VALUES (1, 'a', 1)").to(Stage.DUAL_WRITE);
            Session gate = scene.session("gate");
            gate.run("SELECT pg_advisory_xact_lock(77)");
            Session backfill = scene.session("backfill");
            backfill.start("INSERT INTO fresh.account (id, label, balance, state)"
                    + " SELECT a.id, a.name, a.balance, a.state FROM old.account a,"
                    + " LATERAL (SELECT a.id, pg_advisory_xact_lock_shared(77)) paused ON CONFLICT DO NOTHING");
            backfill.awaitBlocked();
            scene.bank().accounts.delete(1);
            gate.commit();
            backfill.join();
            backfill.commit();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("- 1");
            assertThat(scene.marks()).isZero();
        }
    }

    /** A plain INSERT meets the stranger's row; the next look at it finds it there. */
    @Test
    @Guarantee("G9")
    void aRowThatAStrangerInsertsOnNewMeanwhileIsLeftAlone() {
        Bank.Parts projected = Bank.Parts.DEFAULTS
                .withLegacyStore(store -> FoldedScheduleTest.projected("old", "account", "name"))
                .withNextStore(store -> FoldedScheduleTest.projected("fresh", "account", "label"));
        try (Scene scene = Scene.open(projected)) {
            scene.sql("INSERT INTO old.account SELECT i, 'a', 1 FROM generate_series(1, 20) i")
                    .to(Stage.DUAL_WRITE);
            Session stranger = scene.session("stranger");
            stranger.run("INSERT INTO fresh.account (id, label, balance, state) VALUES (7, 'b', 2, 'OPEN')");
            Scene.Job<?> backfill = startBackfill(scene);
            scene.await(
                    "the copy waits for the stranger",
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'");
            stranger.commit();
            backfill.join();
            assertThat(scene.marks()).isZero();
            assertThat(scene.balances(7)).isEqualTo("1 2");
            assertThat(scene.differences()).isEqualTo(1);
        }
    }

    @Test
    @Guarantee("G2")
    @Counterexample("long-transaction")
    void aBackfillWaitsForTransactionsFromBeforeTheWritesWereRouted() {
        try (Scene scene = Scene.open()) {
            Session build = oldBuildInItsTransaction(scene);
            String question = "pg_snapshot_xmin(pg_current_snapshot())";
            scene.tap.watch(question);
            Scene.Job<?> backfill = startBackfill(scene);
            scene.awaitTrue("the backfill asks again", () -> scene.tap.executions(question) > 2);
            assertThat(backfill.isDone()).isFalse();
            build.commit();
            backfill.join();
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Counterexample(value = "long-transaction", mutant = true)
    void aBackfillThatDoesNotWaitMissesWhatAnOldTransactionCommits() {
        try (Scene scene = Scene.open()) {
            scene.tap.rewriteInJobs("SELECT pg_snapshot_xmin(pg_current_snapshot()) <= r.moved_in", "SELECT false");
            Session build = oldBuildInItsTransaction(scene);
            startBackfill(scene).join();
            build.commit();
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("5 1");
            assertThat(scene.balances(2)).isEqualTo("1 -");
            assertThat(scene.marks()).isZero();
        }
    }

    /** A build that has never heard of this library has written, and has not committed, before the first move. */
    private static Session oldBuildInItsTransaction(Scene scene) {
        scene.sql("INSERT INTO old.account VALUES (1, 'a', 1)");
        Session build = scene.session("old build");
        build.run("UPDATE old.account SET balance = 5 WHERE id = 1; INSERT INTO old.account VALUES (2, 'b', 1)");
        scene.to(Stage.DUAL_WRITE);
        return build;
    }

    private static Scene.Job<BackfillProgress> startBackfill(Scene scene) {
        return scene.job(() -> scene.bank().changeover.backfill(Bank.NAME).run(progress -> {}));
    }

    private static final String UNIQUE_LABELS = "ALTER TABLE fresh.account ADD UNIQUE (label);"
            + " INSERT INTO old.account VALUES (1, 'a', 1), (2, 'same', 1), (3, 'c', 1), (4, 'same', 1), (5, 'e', 1)";

    @Test
    @Guarantee("G9")
    @Counterexample("poison-row")
    void aRowThatNewRefusesStopsNeitherItsChunkNorDisappears() {
        try (Scene scene = Scene.bare(UNIQUE_LABELS)) {
            scene.bank(Bank.Parts.DEFAULTS);
            scene.to(Stage.DUAL_WRITE);
            BackfillProgress done = startBackfill(scene).join();
            assertThat(done.parked()).isOne();
            assertThat(scene.database.queryStrings("SELECT id FROM fresh.account"))
                    .hasSize(4)
                    .contains("1", "3", "5");
            assertThat(scene.database.queryString("SELECT key FROM changeover.mark"))
                    .isIn("2", "4");

            scene.bank().accounts.save(new Account(2, "another", 1));
            scene.bank().changeover.drain().retryParked(Bank.NAME);
            assertThat(scene.drain()).isZero();
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Counterexample(value = "poison-row", mutant = true)
    void aChunkThatIsNotHalvedIsNeverDone() {
        try (Scene scene = Scene.bare(UNIQUE_LABELS)) {
            scene.bank(Bank.Parts.DEFAULTS.withNextStore(NoDataErrors::new));
            scene.to(Stage.DUAL_WRITE);
            for (int run = 1; run <= 2; run++) {
                assertThat(startBackfill(scene).joinFailed()).isInstanceOf(ChangeoverException.class);
                assertThat(scene.database.queryLong("SELECT count(*) FROM fresh.account"))
                        .isZero();
            }
        }
    }

    /** Hides that it was a row's fault. */
    private static final class NoDataErrors extends ProbedStore {

        NoDataErrors(EntityStore<Long, Account> store) {
            super(store, new Probe());
        }

        @Override
        public Set<Long> insertMissing(Connection connection, Collection<Account> entities) throws SQLException {
            try {
                return super.insertMissing(connection, entities);
            } catch (SQLException e) {
                throw new SQLException(e.getMessage(), "XX000", e);
            }
        }
    }

    @Test
    @Guarantee("G9")
    @Counterexample("lock-table-full")
    void noBackgroundCopyFillsTheLockTableOfTheServer() {
        assertThatThrownBy(() -> Settings.DEFAULTS.withChunk(5_000)).isInstanceOf(ConfigurationException.class);
        Probe probe = new Probe();
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS
                .withSettings(Settings.DEFAULTS.withChunk(500))
                .withNextStore(store -> new ProbedStore(store, probe)))) {
            scene.sql("INSERT INTO old.account SELECT i, 'a' || i, 1 FROM generate_series(1, 2000) i");
            scene.to(Stage.DUAL_WRITE);
            try (PausePoint insert = probe.pauseAt("job insertMissing")) {
                List<Scene.Job<BackfillProgress>> workers = IntStream.range(0, 3)
                        .mapToObj(i -> startBackfill(scene))
                        .toList();
                insert.awaitReached();
                assertThat(scene.database.queryLong("SELECT count(*) FROM pg_locks WHERE classid = 1128813415"))
                        .isPositive()
                        .isLessThanOrEqualTo(
                                scene.database.queryLong("SELECT current_setting('max_locks_per_transaction')"
                                                + "::int * (current_setting('max_connections')::int"
                                                + " + current_setting('max_prepared_transactions')::int)")
                                        / 4);
                scene.bank().accounts.save(new Account(9_999, "live", 1));
                insert.release();
                workers.forEach(Scene.Job::join);
            }
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Counterexample(value = "lock-table-full", mutant = true)
    void copiersThatLockAsManyKeysAsTheyLikeFailLiveWriters() {
        try (Scene scene = Scene.open()) {
            scene.to(Stage.DUAL_WRITE);
            long half = scene.database.queryLong("SELECT current_setting('max_locks_per_transaction')::int"
                            + " * (current_setting('max_connections')::int"
                            + " + current_setting('max_prepared_transactions')::int)")
                    / 2;
            List<Session> copiers = IntStream.range(0, 4)
                    .mapToObj(i -> scene.session("copier " + i))
                    .toList();
            for (int i = 0; i < copiers.size(); i++) {
                copiers.get(i)
                        .start("SELECT count(*) FROM generate_series(" + (1 + i * half) + ", " + (1 + i) * half + ") k"
                                + " WHERE pg_try_advisory_xact_lock(1128813415, changeover.key_lock(1, k::text))");
            }
            List<Throwable> failures = copiers.stream()
                    .map(Session::joinFailed)
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(failures)
                    .isNotEmpty()
                    .allSatisfy(
                            e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("53200"));
        }
    }
}
