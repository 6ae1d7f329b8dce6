package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.backfill.Health;
import dev.changeover.core.backfill.Health.Verdict;
import dev.changeover.core.backfill.HealthSignal;
import dev.changeover.core.backfill.HealthSignals;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a backfill gives way to, each made to happen. */
class HealthSignalsTest {

    private static final List<String> TABLES = List.of("old.account", "fresh.account");
    private static Scene scene;

    @BeforeAll
    static void open() {
        scene = Scene.bare("");
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    private static Health look(HealthSignal signal) {
        return look(scene, signal);
    }

    private static Health look(Scene on, HealthSignal signal) {
        try (Connection connection = on.database.connection()) {
            return signal.look(connection, TABLES);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aQuietServerHoldsNothingUp() {
        assertThat(HealthSignals.standard())
                .allSatisfy(signal -> assertThat(look(signal)).isEqualTo(Health.GOOD));
    }

    @Test
    void whoWaitsForARowOfTheTablesIsSeen() {
        scene.sql("INSERT INTO old.account VALUES (1, 'a', 1)");
        Session holds = scene.session("holds");
        Session waits = scene.session("waits");
        holds.run("UPDATE old.account SET balance = 2 WHERE id = 1");
        waits.start("UPDATE old.account SET balance = 3 WHERE id = 1");
        waits.awaitBlocked();
        assertThat(look(HealthSignals.lockWaits(1, 2)))
                .isEqualTo(new Health(Verdict.SLOW, "1 sessions on the tables wait for locks"));
        assertThat(look(HealthSignals.lockWaits(1, 1)).verdict()).isEqualTo(Verdict.PAUSE);
        assertThat(look(HealthSignals.lockWaits(2, 3))).isEqualTo(Health.GOOD);
        holds.commit();
        waits.join();
        waits.commit();
        assertThat(look(HealthSignals.lockWaits(1, 1))).isEqualTo(Health.GOOD);
    }

    @Test
    void maintenanceAndWhatItHasNotCaughtUpWithAreSeen() {
        Session vacuum = scene.session("maintenance");
        vacuum.run("LOCK TABLE fresh.account IN SHARE UPDATE EXCLUSIVE MODE");
        assertThat(look(HealthSignals.maintenance()))
                .isEqualTo(new Health(Verdict.SLOW, "vacuum or an index build works on fresh.account"));
        vacuum.commit();
        assertThat(look(HealthSignals.maintenance())).isEqualTo(Health.GOOD);

        scene.sql("ALTER TABLE old.account SET (autovacuum_enabled = false);"
                + " INSERT INTO old.account SELECT i, 'a', 1 FROM generate_series(1000, 60000) i");
        scene.sql("DELETE FROM old.account WHERE id >= 1000");
        scene.awaitTrue(
                "the dead are counted", () -> look(HealthSignals.deadRows(0.2)).verdict() == Verdict.SLOW);
        assertThat(look(HealthSignals.deadRows(0.2)).reason()).contains("old.account", "vacuum is behind");
    }

    @Test
    void archivingThatFailsIsSeen() {
        try (PostgresCluster cluster = PostgresCluster.builder()
                        .setting("archive_mode", "on")
                        .setting("archive_command", "false")
                        .start();
                Scene archiving = Scene.in(cluster)) {
            assertThat(look(archiving, HealthSignals.archiving(2, 8))).isEqualTo(Health.GOOD);
            archiving.sql("CREATE TABLE something (x int)");
            archiving.sql("SELECT pg_switch_wal()");
            archiving.awaitTrue(
                    "archiving has failed",
                    () -> look(archiving, HealthSignals.archiving(2, 8)).verdict() == Verdict.PAUSE);
            assertThat(look(archiving, HealthSignals.archiving(2, 8)).reason()).contains("archiving of WAL fails");
            archiving.sql("SELECT pg_create_physical_replication_slot('left_behind', true)");
            archiving.sql("INSERT INTO something SELECT generate_series(1, 20000)");
            assertThat(look(archiving, HealthSignals.replicationSlots(0.0001, 1)))
                    .satisfies(health -> assertThat(health.verdict()).isEqualTo(Verdict.SLOW))
                    .satisfies(health -> assertThat(health.reason()).contains("left_behind"));
        }
    }

    @Test
    void whatTheApplicationTellsIsJudged() {
        AtomicInteger waiting = new AtomicInteger(1);
        HealthSignal pool = HealthSignals.poolWaiting(waiting::get, 2, 4);
        assertThat(look(pool)).isEqualTo(Health.GOOD);
        waiting.set(2);
        assertThat(look(pool).verdict()).isEqualTo(Verdict.SLOW);
        waiting.set(4);
        assertThat(look(pool)).isEqualTo(new Health(Verdict.PAUSE, "4 threads wait for a connection of the pool"));
        assertThat(look(HealthSignals.latency(2, () -> 3.2, 1.25, 2)))
                .isEqualTo(new Health(Verdict.SLOW, "live traffic takes 1.6 times as long as before"));
        assertThat(look(HealthSignals.latency(2, () -> Double.NaN, 1.25, 2)).verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    /** A signal that fails is unknown and holds nothing up; one that says so stops the job until it is over. */
    @Test
    @Guarantee("G9")
    void aBackfillWaitsForASignalAndSaysWhy() {
        AtomicInteger waiting = new AtomicInteger(9);
        Queue<String> held = new ConcurrentLinkedQueue<>();
        try (Scene job = Scene.bare("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 500) i")) {
            Bank bank = job.bank(Bank.Parts.DEFAULTS
                    .withSettings(Settings.DEFAULTS
                            .withWorkers(2)
                            .withNiceRatio(0)
                            .withChunk(50)
                            .withLease(Duration.ofMillis(600)))
                    .withHealth(List.of(HealthSignals.poolWaiting(waiting::get, 1, 5), (connection, tables) -> {
                        throw new SQLException("may not", "42501");
                    })));
            job.to(Stage.DUAL_WRITE);
            Scene.Job<BackfillProgress> running =
                    job.job(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {
                        if (progress.held() != null) {
                            held.add(progress.held());
                        }
                    }));
            job.awaitTrue("it waits", () -> held.contains("paused: 9 threads wait for a connection of the pool"));
            assertThat(job.database.queryLong("SELECT count(*) FROM fresh.account"))
                    .isZero();
            waiting.set(1);
            job.awaitTrue(
                    "it is slow", () -> held.contains("slowed down: 1 threads wait for a connection of the pool"));
            waiting.set(0);
            assertThat(running.join().rows()).isEqualTo(500);
            assertThat(job.differences()).isZero();
        }
    }
}
