package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.MaintenanceResult;
import dev.changeover.core.MaintenanceStep;
import dev.changeover.core.MaintenanceWindow;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.StageChangedException;
import dev.changeover.core.Strangers;
import dev.changeover.core.control.Freeze;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.legacyadapter.retire.Restoration;
import dev.changeover.legacyadapter.retire.RestorationPlan;
import dev.changeover.legacyadapter.retire.Retirement;
import dev.changeover.testkit.Guarantee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's option A: writers wait, everything is copied and compared, and they go on at the new side. */
class MaintenanceWindowTest {

    private Scene scene;
    private Bank bank;

    @BeforeEach
    void open() {
        scene = Scene.open();
        bank = scene.bank();
        scene.sql("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 700) i");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private MaintenanceWindow window() {
        return bank.changeover.maintenance(Bank.NAME).verifiedBy(() -> scene.differences() == 0);
    }

    private Stage stage() {
        return bank.changeover.stages().of(Bank.NAME).stage();
    }

    /** Somebody who writes new accounts, one after the other, as long as it lasts. */
    private final class Writer implements AutoCloseable {
        private final AtomicLong acknowledged = new AtomicLong();
        private final List<Throwable> errors = new CopyOnWriteArrayList<>();
        private final Thread thread;
        private volatile boolean stopped;

        Writer(long first) {
            thread = new Thread(() -> write(first), "writer");
            thread.start();
        }

        private void write(long first) {
            for (long key = first; !stopped; key++) {
                long id = key;
                try {
                    bank.inTransaction(() -> {
                        bank.accounts.find(id); // as services do, they read before they write
                        bank.accounts.save(new Account(id, "w" + id, id));
                        return true;
                    });
                    acknowledged.incrementAndGet();
                } catch (Throwable e) {
                    errors.add(e);
                }
            }
        }

        void goesOn() {
            long until = acknowledged.get() + 5;
            scene.awaitTrue("the writer goes on", () -> acknowledged.get() > until);
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            thread.join();
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    void writersWaitAndNoneIsLost() throws Exception {
        List<String> told = new ArrayList<>();
        try (Writer one = new Writer(1_000);
                Writer other = new Writer(100_000)) {
            one.goesOn();
            MaintenanceResult result =
                    window().telling(step -> told.add(step.what())).run("ann", "announced");
            assertThat(result.failure()).isNull();
            assertThat(result.stage()).isEqualTo(Stage.NEW_PRIMARY);
            one.goesOn();
            other.goesOn();
            one.close();
            other.close();
            assertThat(one.errors).allMatch(MaintenanceWindowTest::saysTryAgain);
            assertThat(other.errors).allMatch(MaintenanceWindowTest::saysTryAgain);
            assertThat(scene.database.queryLong("SELECT count(*) FROM fresh.account"))
                    .isEqualTo(700 + one.acknowledged.get() + other.acknowledged.get());
        }
        assertThat(told)
                .containsExactly(
                        "writers wait",
                        "moved to DUAL_WRITE",
                        "copied",
                        "verified",
                        "writers go on",
                        "moved to SHADOW",
                        "moved to RAMP",
                        "all reads by new",
                        "moved to NEW_PRIMARY");
        scene.drain(); // on a slow machine a copy may have met its bound
        assertThat(scene.differences()).isZero();
        assertThat(scene.database.queryLong(
                        "SELECT count(*) FROM changeover.history WHERE reason = 'maintenance window: announced'"))
                .isPositive();
    }

    /** A unit that read before the switch and writes after it is told to begin again, as at every switch. */
    private static boolean saysTryAgain(Throwable error) {
        return error instanceof StageChangedException;
    }

    @Test
    @Guarantee("G8")
    void whatIsNotEqualGoesBackAndWritersGoOn() {
        MaintenanceResult result =
                bank.changeover.maintenance(Bank.NAME).verifiedBy(() -> false).run("ann", "announced");
        assertThat(result.done()).isFalse();
        assertThat(result.failure()).contains("not equal");
        assertThat(stage()).isEqualTo(Stage.LEGACY_ONLY);
        bank.accounts.save(new Account(1, "Ada", 9));

        assertThat(window().to(Stage.NEW_ONLY).run("ann", "mended").failure())
                .as("a second window reseeds what the first one left")
                .isNull();
        assertThat(stage()).isEqualTo(Stage.NEW_ONLY);
        assertThat(scene.database.queryLong("SELECT balance FROM fresh.account WHERE id = 1"))
                .isEqualTo(9);
    }

    @Test
    void whenTheTimeIsOverEverybodyGoesOnFromWhereTheyWere() {
        bank.changeover.backfill(Bank.NAME).limit(100, "alice", "gently");
        MaintenanceResult result = window().atMost(Duration.ofSeconds(2)).run("ann", "announced");
        assertThat(result.failure()).contains("time of the window is over");
        assertThat(result.steps())
                .extracting(MaintenanceStep::what)
                .endsWith("writers go on", "moved back to LEGACY_ONLY");
        bank.accounts.save(new Account(1, "Ada", 9));
    }

    @Test
    void whoWritesRoundTheLibraryWaitsToo() throws Exception {
        bank.changeover.sentinels().install(Bank.NAME, Strangers.REFUSE, "test", "install");
        int number = bank.changeover.stages().of(Bank.NAME).number();
        CompletableFuture<Void> stranger;
        try (Freeze freeze = freeze(number, Duration.ofSeconds(30))) {
            assertThat(freeze.holds()).isTrue();
            stranger = CompletableFuture.runAsync(() -> scene.sql("UPDATE old.account SET balance = 0 WHERE id = 1"));
            scene.awaitBlockedOnAdvisory(1128813418);
            assertThat(bank.accounts.find(1)).as("reads go on").isPresent();
        }
        stranger.get(20, TimeUnit.SECONDS);
    }

    private Freeze freeze(int number, Duration bound) {
        return Freeze.of(scene.database.dataSource(), List.of(number), MoveRounds.DEFAULTS, bound);
    }

    /** As when the process that froze stands still, or its machine is gone. */
    @Test
    void nobodyIsStoppedForEver() throws Exception {
        int number = bank.changeover.stages().of(Bank.NAME).number();
        try (Freeze freeze = freeze(number, Duration.ofSeconds(1))) {
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(() -> bank.accounts.save(new Account(1, "Ada", 9)));
            writer.get(20, TimeUnit.SECONDS);
            assertThat(freeze.holds()).isFalse();
        }
    }

    @Test
    void aWriterWithALimitGetsTheErrorOfALockAndCanTryAgain() {
        int number = bank.changeover.stages().of(Bank.NAME).number();
        try (Freeze freeze = freeze(number, Duration.ofSeconds(30))) {
            assertThatThrownBy(() -> bank.inTransaction(() -> {
                        try (var statement =
                                bank.transactions.current().connection().createStatement()) {
                            statement.execute("SET LOCAL lock_timeout = '50ms'");
                        }
                        bank.accounts.save(new Account(1, "Ada", 9));
                        return true;
                    }))
                    .hasStackTraceContaining("lock timeout");
        }
        bank.accounts.save(new Account(1, "Ada", 9));
    }

    @Test
    void aTransactionThatHasWrittenIsNotWaitedForForEver() {
        try (Caller caller = scene.caller()) {
            caller.run(() -> bank.accounts.save(new Account(1, "Ada", 9)));
            assertThatThrownBy(() -> window().run("ann", "announced"))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("nothing was changed");
            assertThat(stage()).isEqualTo(Stage.LEGACY_ONLY);
            caller.commit();
        }
    }

    @Test
    @Guarantee("G8")
    void theBackupFromBeforeTheWindowIsAWayBackToo(@TempDir Path directory) {
        Path backup = directory.resolve("backup");
        Retirement.of(scene.database.dataSource(), Bank.NAME).backup(backup, "ann", "before the window");
        assertThat(window().to(Stage.NEW_ONLY).run("ann", "announced").failure())
                .isNull();
        bank.accounts.save(new Account(1, "Ada", 99));
        scene.sql("UPDATE old.account SET balance = -1 WHERE id BETWEEN 2 AND 4; DELETE FROM old.account WHERE id = 5");

        Restoration restoration = Restoration.of(scene.database.dataSource(), Bank.NAME, backup);
        RestorationPlan plan = restoration.plan();
        assertThat(plan.lost()).isEqualTo(3);
        assertThat(plan.tables().get(0).back()).isEqualTo(4);
        assertThat(plan.refusals()).hasSize(2);
        restoration.withoutLaterWrites().overwriting(3).run("ann", "new was wrong");
        assertThat(scene.balances(1)).isEqualTo("1 99");

        bank.changeover.stages().move(Bank.NAME, Stage.NEW_PRIMARY, "ann", "back");
        bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
        bank.changeover.backfill(Bank.NAME).acceptUnverified("ann", "compared below");
        scene.drain();
        assertThat(scene.differences()).isZero();
        assertThat(scene.balances(1))
                .as("nothing that was written to new is lost")
                .isEqualTo("99 99");
    }
}
