package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The backfill copies every row once, whatever kills it, and gives way to live writers. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class BackfillTest {

    private static final int ROWS = 3_000;
    private static final String CHECKPOINT = "SELECT concat_ws(' ', rows, parked, finished) FROM changeover.checkpoint";

    /** Chunks of 100, however slow the machine is. */
    private static final Settings FIXED =
            Settings.DEFAULTS.withWorkers(2).withNiceRatio(0).withChunk(100).withChunkTime(Duration.ofMinutes(1));

    private final PostgresDatabase database;
    private final Probe probe = new Probe();

    BackfillTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void fill() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE; TRUNCATE old.account, fresh.account;"
                + "INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, " + ROWS + ") i");
    }

    private Bank open(Settings settings) {
        return Bank.open(
                database,
                Bank.Parts.DEFAULTS.withSettings(settings).withNextStore(Watched.as(EntityStore.class, "new", probe)));
    }

    @Test
    @Guarantee("G9")
    void aBackfillThatIsKilledAndInterruptedAgainAndAgainCopiesEveryRowOnceUnderLiveWriters() throws Exception {
        long seed = 11;
        System.out.println("backfill seed=" + seed);
        Random random = new Random(seed);
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger kills = new AtomicInteger();
        AtomicInteger interrupts = new AtomicInteger();
        try (Bank bank = open(FIXED.withChunk(50).withChunkTime(Settings.DEFAULTS.chunkTime()))) {
            bank.to(Stage.DUAL_WRITE);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random keys = new Random(seed + i);
                writers.add(new Thread(() -> {
                    while (!over.get()) {
                        try {
                            change(bank, keys.nextInt(ROWS) + 1, keys);
                        } catch (Throwable e) {
                            errors.add(e);
                        }
                    }
                }));
            }
            writers.forEach(Thread::start);
            BackfillProgress done = null;
            while (done == null) {
                int chunks = 1 + random.nextInt(8);
                AtomicInteger seen = new AtomicInteger();
                for (int i = 0; i < chunks; i++) {
                    probe.runAt("new.insertMissing done", () -> {});
                }
                probe.runAt("new.insertMissing done", () -> kills.addAndGet(killBackfills()));
                try {
                    done = bank.changeover.backfill(Bank.NAME).run(progress -> {
                        if (seen.incrementAndGet() == 2 * chunks) {
                            Thread.currentThread().interrupt();
                        }
                    });
                } catch (ChangeoverException e) {
                    Thread.interrupted();
                    assertThat(e).hasMessageContaining("again");
                    interrupts.incrementAndGet();
                }
            }
            Thread.interrupted(); // that of the last chunk
            over.set(true);
            for (Thread writer : writers) {
                writer.join(20_000);
            }
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(20)))
                    .isTrue();
            System.out.printf(
                    "backfill kills=%d interrupts=%s rows=%d skipped=%d%n",
                    kills.get(), interrupts, done.rows(), done.skipped());
            assertThat(kills.get()).isPositive();
            assertThat(interrupts.get()).isPositive();
            assertThat(errors).isEmpty();
            assertThat(done.finished()).isTrue();
            assertThat(done.rows()).isLessThanOrEqualTo(ROWS);
            assertThat(WalkTest.differences(database)).isZero();
        }
    }

    @Test
    void aWorkerRestsAfterEachChunkAsItsNiceRatioSays() {
        assertThat(milliseconds(9)).isGreaterThan(29 * 10 * 10);
        assertThat(milliseconds(0)).isLessThan(29 * 10 * 10);
    }

    /** Backfills 30 chunks, each of which takes 10 ms at least. */
    private long milliseconds(double niceRatio) {
        fill();
        for (int chunk = 0; chunk < 30; chunk++) {
            probe.runAt("new.insertMissing done", () -> LockSupport.parkNanos(10_000_000));
        }
        try (Bank bank = open(FIXED.withWorkers(1))) {
            bank.to(Stage.DUAL_WRITE);
            long start = System.nanoTime();
            bank.changeover.backfill(Bank.NAME).niceRatio(niceRatio).run(progress -> {});
            return (System.nanoTime() - start) / 1_000_000;
        }
    }

    @Test
    void aTableThatABackfillFillsIsAnalysedAsItGrows() {
        database.execute("ALTER TABLE fresh.account SET (autovacuum_enabled = false)");
        List<Boolean> known = new ArrayList<>();
        try (Bank bank = open(FIXED.withWorkers(1))) {
            bank.to(Stage.DUAL_WRITE);
            bank.changeover.backfill(Bank.NAME).run(progress -> known.add(estimate() >= 1_000));
        } finally {
            database.execute("ALTER TABLE fresh.account RESET (autovacuum_enabled)");
        }

        assertThat(known.indexOf(true)).isBetween(9, 11);
        assertThat(known).endsWith(true);
        assertThat(estimate()).isEqualTo(ROWS);
    }

    private long estimate() {
        return Long.parseLong(
                database.queryString("SELECT reltuples::bigint FROM pg_class WHERE oid = 'fresh.account'::regclass"));
    }

    private static void change(Bank bank, long key, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> bank.accounts.delete(key);
            case 1 -> bank.accounts.add(key, 1_000);
            default -> bank.accounts.save(new Account(key, "w" + key, random.nextInt(1_000)));
        }
    }

    /** Ends the backends of all workers that are in a chunk, and returns how many. */
    private int killBackfills() {
        return Math.toIntExact(database.queryLong("SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks l"
                + " WHERE l.relation = 'changeover.key_range'::regclass AND l.mode = 'RowShareLock'"
                + " AND l.pid <> pg_backend_pid()"));
    }

    @Test
    @Guarantee("G9")
    void theProgressCommitsWithItsChunkAndAKilledOneIsDoneAgain() {
        List<String> committed = new ArrayList<>();
        try (Bank bank = open(FIXED.withWorkers(1))) {
            bank.to(Stage.DUAL_WRITE);
            for (int i = 0; i < 3; i++) {
                probe.runAt("new.insertMissing done", () -> {});
            }
            probe.runAt("new.insertMissing done", () -> {
                assertThat(killBackfills()).isOne();
                committed.add(database.queryString("SELECT rows FROM changeover.copies"));
                committed.add(database.queryString("SELECT count(*) FROM fresh.account"));
            });
            BackfillProgress done = bank.changeover.backfill(Bank.NAME).run(progress -> {});

            assertThat(committed).containsExactly("300", "300");
            assertThat(done.rows()).isEqualTo(ROWS);
            assertThat(database.queryString(CHECKPOINT)).isEqualTo(ROWS + " 0 t");
            assertThat(database.queryLong("SELECT count(*) FROM changeover.key_range"))
                    .isZero();
            assertThat(WalkTest.differences(database)).isZero();
        }
    }

    @Test
    @Guarantee("G9")
    void whatIsInterruptedGoesOnWhereItsLastChunkEnded() {
        try (Bank bank = open(FIXED.withWorkers(1))) {
            bank.to(Stage.DUAL_WRITE);
            AtomicInteger chunks = new AtomicInteger();
            assertThatThrownBy(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {
                        if (chunks.incrementAndGet() == 4) {
                            Thread.currentThread().interrupt();
                        }
                    }))
                    .isInstanceOf(ChangeoverException.class)
                    .hasMessageContaining("run it again");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(database.queryLong("SELECT rows FROM changeover.copies")).isEqualTo(400);
            assertThat(bank.changeover.backfill(Bank.NAME).run(progress -> {}).rows())
                    .isEqualTo(ROWS);
            assertThat(WalkTest.differences(database)).isZero();
        }
    }

    @Test
    @Guarantee("G9")
    void aPoisonousRowIsParkedAndTheOthersGoOn() {
        parksThePoison(Bank.Parts.DEFAULTS);
    }

    @Test
    @Guarantee("G9")
    void theServerCopiesByItselfWhereBothSidesHaveProjectionsAndParksThePoisonToo() {
        Probe calls = new Probe();
        parksThePoison(Bank.Parts.DEFAULTS
                .withLegacyStore(store -> FoldedScheduleTest.projected("old", "account", "name"))
                .withNextStore(store -> new FoldedScheduleTest.Projected(
                        FoldedScheduleTest.projected("fresh", "account", "label"), calls)));
        assertThat(calls.hits("insertMissing")).isZero();
    }

    private void parksThePoison(Bank.Parts parts) {
        database.execute("ALTER TABLE fresh.account ADD CONSTRAINT sane CHECK (balance <> 77)");
        try (Bank bank = Bank.open(database, parts.withSettings(Settings.DEFAULTS.withParkAfter(2)))) {
            bank.to(Stage.DUAL_WRITE);
            BackfillProgress done = bank.changeover.backfill(Bank.NAME).run(progress -> {});
            assertThat(done.parked()).isOne();
            assertThat(done.rows()).isEqualTo(ROWS);
            assertThat(database.queryLong("SELECT count(*) FROM fresh.account")).isEqualTo(ROWS - 1);
            await().until(() -> database.queryLong("SELECT count(*) FROM changeover.attempt WHERE parked") == 1);
            assertThat(database.queryString("SELECT key FROM changeover.mark")).isEqualTo("77");
            assertThat(database.queryString("SELECT last_error FROM changeover.attempt"))
                    .contains("23514", "sane");

            database.execute("ALTER TABLE fresh.account DROP CONSTRAINT sane");
            bank.changeover.drain().retryParked(Bank.NAME);
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(WalkTest.differences(database)).isZero();
        } finally {
            database.execute("ALTER TABLE fresh.account DROP CONSTRAINT IF EXISTS sane");
        }
    }

    /** Whoever mends the row through the application has cured the key; a later mark is not born parked. */
    @Test
    @Guarantee("G2")
    void aParkedKeyThatALiveWriteCuredIsDrainedAgainLater() {
        database.execute("ALTER TABLE fresh.account ADD CONSTRAINT sane CHECK (balance <> 77)");
        try (Bank bank = open(Settings.DEFAULTS.withParkAfter(1))) {
            bank.to(Stage.DUAL_WRITE);
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
            assertThat(database.queryLong("SELECT count(*) FROM changeover.attempt WHERE parked"))
                    .isOne();
            bank.accounts.add(77, 1);
            assertThat(database.queryLong("SELECT count(*) FROM changeover.mark"))
                    .isZero();
            probe.throwAt("new.upsert", () -> new IllegalStateException("marked, please"));
            bank.accounts.add(77, 1);
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(5)))
                    .isTrue();
            assertThat(WalkTest.differences(database)).isZero();
        } finally {
            database.execute("ALTER TABLE fresh.account DROP CONSTRAINT IF EXISTS sane");
        }
    }

    @Test
    @Guarantee("G9")
    void theBackfillWaitsForTransactionsThatAreOlderThanTheMove() throws Exception {
        try (Bank bank = open(Settings.DEFAULTS);
                Connection older = database.connection();
                Statement statement = older.createStatement()) {
            older.setAutoCommit(false);
            statement.execute("INSERT INTO old.account VALUES (1000000, 'by somebody who knows of nothing', 1)");
            bank.to(Stage.DUAL_WRITE);
            Thread job = new Thread(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {}));
            job.start();
            await().until(() -> Arrays.stream(job.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("awaitOlderTransactions")));
            assertThat(database.queryLong("SELECT count(*) FROM fresh.account")).isZero();
            older.commit();
            job.join(30_000);
            assertThat(WalkTest.differences(database)).isZero();
            assertThat(bank.next.find(1_000_000)).isPresent();
        }
    }
}
