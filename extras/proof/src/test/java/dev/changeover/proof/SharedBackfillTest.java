package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Backfill;
import dev.changeover.core.BackfillProgress;
import dev.changeover.core.EntityStore;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.testkit.ChildJvm;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Threads and instances share one backfill by ranges of keys; any of them may die. */
class SharedBackfillTest {

    private static final int ROWS = 2_500;

    /** Ranges of 1,000 keys. */
    private static final Settings SETTINGS = Settings.DEFAULTS
            .withWorkers(2)
            .withNiceRatio(0)
            .withChunk(50)
            .withLease(Duration.ofMillis(600))
            .withParkAfter(1);

    private static Scene filled(Bank.Parts parts) {
        Scene scene = Scene.bare(fill(ROWS));
        scene.bank(parts);
        return scene;
    }

    private static String fill(int rows) {
        return "INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, " + rows + ") i";
    }

    private static Scene.Job<BackfillProgress> start(Scene scene, Bank bank) {
        return scene.job(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {}));
    }

    private static void everyRowOnce(Scene scene, long parked) {
        assertThat(scene.database.queryString(
                        "SELECT concat_ws(' ', rows, parked, finished, ranges) FROM changeover.copies"))
                .isEqualTo(ROWS + " " + parked + " t 0");
        assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.history WHERE action = 'SETTLE'"))
                .as("it is said once that new holds everything")
                .isOne();
    }

    @Test
    @Guarantee("G9")
    void twoInstancesCopyEveryRowOnceBesideEightWritersWhileTheirBackendsAreKilled() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        try (Scene scene =
                Scene.bare(fill(ROWS) + "; ALTER TABLE fresh.account ADD CONSTRAINT sane CHECK (balance >= 0);"
                        + " UPDATE old.account SET balance = -1 WHERE id % 1000 = 0")) {
            DataSource pool = Sources.byThread("writer", scene.database.pool(8), scene.database.pool(8));
            Bank one = scene.bank(pool, Bank.Parts.DEFAULTS.withSettings(SETTINGS));
            Bank two = scene.bank(pool, Bank.Parts.DEFAULTS.withSettings(SETTINGS));
            scene.to(Stage.DUAL_WRITE);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(17 + i);
                Bank bank = i % 2 == 0 ? one : two;
                writers.add(new Thread(() -> write(bank, random, over, errors), "writer"));
            }
            writers.forEach(Thread::start);
            List<Scene.Job<BackfillProgress>> jobs = List.of(start(scene, one), start(scene, two));
            int kills = 0;
            long most = 0;
            while (!jobs.stream().allMatch(Scene.Job::isDone)) {
                kills += scene.database.queryLong("SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks l"
                        + " WHERE l.relation = 'changeover.key_range'::regclass AND l.mode = 'RowShareLock'"
                        + " AND l.pid <> pg_backend_pid() AND random() < 0.3");
                most = Math.max(
                        most, scene.database.queryLong("SELECT coalesce(max(workers), 0) FROM changeover.copies"));
                Thread.sleep(20);
            }
            over.set(true);
            for (Thread writer : writers) {
                writer.join(20_000);
            }
            jobs.forEach(job -> assertThat(job.join().finished()).isTrue());
            System.out.printf("shared backfill kills=%d workers=%d%n", kills, most);

            assertThat(errors).isEmpty();
            assertThat(kills).isPositive();
            assertThat(most).isGreaterThan(2);
            everyRowOnce(scene, 2);
            scene.bank().changeover.drain().drainNow(Bank.NAME);
            assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.attempt WHERE parked"))
                    .as("what cannot be mapped is parked and never disappears")
                    .isEqualTo(2);
            scene.sql("ALTER TABLE fresh.account DROP CONSTRAINT sane");
            scene.bank().changeover.drain().retryParked(Bank.NAME);
            assertThat(scene.drain()).isZero();
            assertThat(scene.differences()).isZero();
        }
    }

    /** Changes what is there, but for the rows that new refuses. */
    private static void write(Bank bank, Random random, AtomicBoolean over, Queue<Throwable> errors) {
        while (!over.get()) {
            try {
                long key = 1 + random.nextInt(ROWS);
                if (key % 1000 != 0) {
                    bank.accounts.save(new Account(key, "w" + key, random.nextInt(1_000)));
                }
            } catch (Throwable e) {
                errors.add(e);
            }
        }
    }

    @Test
    @Guarantee("G9")
    void aWorkerThatStoodStillUntilItsLeaseRanOutChangesNothingMore() {
        Probe probe = new Probe();
        Set<Long> twice = ConcurrentHashMap.newKeySet();
        Set<Long> copied = ConcurrentHashMap.newKeySet();
        try (Scene scene = filled(Bank.Parts.DEFAULTS
                .withSettings(SETTINGS.withWorkers(1))
                .withLegacyStore(Watched.as(EntityStore.class, "paused", probe)))) {
            Bank paused = scene.bank();
            Bank other = scene.bank(Bank.Parts.DEFAULTS
                    .withSettings(SETTINGS)
                    .withLegacyStore(store -> new Counting(store, copied, twice)));
            scene.to(Stage.DUAL_WRITE);
            AtomicInteger chunks = new AtomicInteger();
            Probe between = new Probe();
            try (PausePoint stop = between.pauseAt("between two chunks")) {
                Scene.Job<BackfillProgress> job =
                        scene.job(() -> paused.changeover.backfill(Bank.NAME).run(progress -> {
                            if (chunks.incrementAndGet() == 5) {
                                between.reach("between two chunks");
                            }
                        }));
                stop.awaitReached();
                long begun = scene.database.queryLong("SELECT rows FROM changeover.copies");
                assertThat(begun).isEqualTo(250);
                BackfillProgress done = other.changeover.backfill(Bank.NAME).run(progress -> {});
                assertThat(done.finished()).isTrue();
                assertThat(copied).hasSize(ROWS - 250);
                stop.release();
                assertThat(job.join().rows()).isEqualTo(ROWS);
            }
            assertThat(chunks.get())
                    .as("it was told that all is done, and copied nothing")
                    .isEqualTo(6);
            assertThat(twice).isEmpty();
            everyRowOnce(scene, 0);
            assertThat(scene.differences()).isZero();
        }
    }

    /** Which keys a worker has read to copy them, and which of these twice. */
    private static final class Counting extends ProbedStore {

        private final Set<Long> once;
        private final Set<Long> twice;

        Counting(EntityStore<Long, Account> store, Set<Long> once, Set<Long> twice) {
            super(store, new Probe());
            this.once = once;
            this.twice = twice;
        }

        @Override
        public java.util.Map<Long, Account> find(java.sql.Connection connection, java.util.Collection<Long> keys)
                throws java.sql.SQLException {
            keys.stream().filter(key -> !once.add(key)).forEach(twice::add);
            return super.find(connection, keys);
        }
    }

    @Test
    @Guarantee("G2")
    @Guarantee("G9")
    void twoInstancesReseedEveryKeyOnceWhileTheirBackendsAreKilled() {
        try (Scene scene = filled(Bank.Parts.DEFAULTS.withSettings(SETTINGS))) {
            Bank one = scene.bank();
            scene.to(Stage.RAMP).to(Stage.LEGACY_ONLY);
            Bank two = scene.bank(Bank.Parts.DEFAULTS.withSettings(SETTINGS));
            scene.sql(
                    "UPDATE old.account SET balance = -id WHERE id % 3 = 0; DELETE FROM old.account WHERE id % 7 = 0");
            scene.to(Stage.DUAL_WRITE);
            List<Scene.Job<BackfillProgress>> jobs = List.of(
                    scene.job(() -> one.changeover.backfill(Bank.NAME).reseed(progress -> {})),
                    scene.job(() -> two.changeover.backfill(Bank.NAME).reseed(progress -> {})));
            int kills = 0;
            while (!jobs.stream().allMatch(Scene.Job::isDone)) {
                kills += scene.database.queryLong("SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks l"
                        + " WHERE l.relation = 'changeover.key_range'::regclass AND l.mode = 'RowShareLock'"
                        + " AND l.pid <> pg_backend_pid() AND random() < 0.2");
            }
            jobs.forEach(job -> assertThat(job.join().finished()).isTrue());
            assertThat(kills).isPositive();
            assertThat(
                            scene.database.queryString(
                                    "SELECT concat_ws(' ', rows, finished, ranges) FROM changeover.copies WHERE job = 'RESEED'"))
                    .isEqualTo(ROWS + " t 0");
            assertThat(scene.drain()).isZero();
            assertThat(scene.differences()).isZero();
        }
    }

    /** The naive way: a position in memory, and progress that is written without asking whose the range is. */
    @Test
    void withoutTheAttemptAPausedWorkerCountsRowsTwice() {
        try (Scene scene = filled(Bank.Parts.DEFAULTS.withSettings(SETTINGS))) {
            scene.to(Stage.DUAL_WRITE);
            scene.sql("SELECT changeover.begin_copy(1, 'BACKFILL', 2)");
            scene.sql("SELECT changeover.take_range(1, 'BACKFILL', 'paused', 1); SELECT pg_sleep(0.05)");
            scene.sql("SELECT changeover.take_range(1, 'BACKFILL', 'other', 10000)");
            scene.sql("SELECT changeover.advance_range(1, 'BACKFILL', 1, 2, '100', 100, 0, 0, false, 10000)");
            scene.sql("UPDATE changeover.key_range SET last_key = '50', rows = rows + 50 WHERE number = 1");
            assertThat(scene.database.queryString("SELECT concat_ws(' ', last_key, rows) FROM changeover.key_range"))
                    .as("rows 1 to 100 were counted as 150, and 51 to 100 will be copied again")
                    .isEqualTo("50 150");
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> scene.sql(
                            "SELECT changeover.advance_range(1, 'BACKFILL', 1, 1, '150', 50, 0, 0, false, 10000)"))
                    .hasStackTraceContaining("belongs to another worker");
        }
    }

    @Test
    @Guarantee("G9")
    void anInstanceThatDiesLeavesItsRangesToTheOthers() {
        try (Scene scene = filled(Bank.Parts.DEFAULTS.withSettings(SETTINGS))) {
            scene.to(Stage.DUAL_WRITE);
            List<String> points;
            try (ChildJvm mortal =
                    ChildJvm.start(Mortal.class, scene.database.jdbcUrl(), "600", "advance_range 4", "backfill")) {
                mortal.awaitEnd();
                points = mortal.lines();
            }
            assertThat(points).contains("POINT advance_range 4");
            long before = scene.database.queryLong("SELECT rows FROM changeover.copies");
            assertThat(before).isBetween(100L, ROWS - 1L);
            assertThat(scene.database.queryLong("SELECT count(*) FROM fresh.account"))
                    .isEqualTo(before);

            BackfillProgress done = start(scene, scene.bank()).join();

            assertThat(done.rows()).isEqualTo(ROWS);
            everyRowOnce(scene, 0);
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Guarantee("G9")
    void keysThatAreWrittenWhileItRunsAreThereInTheEndWhereverTheyFall() {
        AtomicInteger chunks = new AtomicInteger();
        try (Scene scene = filled(Bank.Parts.DEFAULTS.withSettings(SETTINGS))) {
            scene.to(Stage.DUAL_WRITE);
            scene.bank().changeover.backfill(Bank.NAME).run(progress -> {
                int n = chunks.incrementAndGet();
                scene.bank().accounts.save(new Account(-n, "before all ranges", n));
                scene.bank().accounts.save(new Account(1_000_000 + n, "behind the last", n));
                scene.bank().accounts.delete(progress.rows());
            });
            assertThat(chunks.get()).isGreaterThan(40);
            scene.drain();
            assertThat(scene.differences()).isZero();
            assertThat(scene.database.queryLong("SELECT count(*) FROM fresh.account WHERE id < 0"))
                    .isEqualTo(chunks.get());
        }
    }

    @Test
    void aDryRunCopiesAllAndLeavesNothing() {
        try (Scene scene = filled(Bank.Parts.DEFAULTS.withSettings(SETTINGS))) {
            scene.to(Stage.DUAL_WRITE);
            Backfill backfill = scene.bank().changeover.backfill(Bank.NAME);
            BackfillProgress dry = backfill.dryRun().run(progress -> {});
            assertThat(dry.rows()).isEqualTo(ROWS);
            assertThat(dry.finished()).isTrue();
            assertThat(
                            scene.database.queryLong(
                                    "SELECT (SELECT count(*) FROM fresh.account)"
                                            + " + (SELECT count(*) FROM changeover.checkpoint) + (SELECT count(*) FROM changeover.mark)"))
                    .isZero();
        }
    }

    @Test
    void oneInstancePausesAndLimitsWhatAnotherRuns() {
        try (Scene scene = filled(Bank.Parts.DEFAULTS.withSettings(SETTINGS))) {
            Bank runs = scene.bank();
            Bank says = scene.bank(Bank.Parts.DEFAULTS.withSettings(SETTINGS));
            scene.to(Stage.DUAL_WRITE);
            Backfill elsewhere = says.changeover.backfill(Bank.NAME);
            elsewhere.limit(2_000, "ann", "gently at first");
            Queue<String> held = new ConcurrentLinkedQueue<>();
            Queue<Long> rows = new ConcurrentLinkedQueue<>();
            long start = System.nanoTime();
            Scene.Job<BackfillProgress> job =
                    scene.job(() -> runs.changeover.backfill(Bank.NAME).run(progress -> {
                        rows.add(progress.rows());
                        if (progress.held() != null) {
                            held.add(progress.held());
                        }
                    }));
            scene.awaitTrue("it has begun", () -> rows.stream().anyMatch(n -> n >= 500));
            assertThat(System.nanoTime() - start).isGreaterThan(200_000_000L);
            elsewhere.pause("ann", "the evening peak");
            scene.awaitTrue("it says why it waits", () -> held.contains("paused by ann: the evening peak"));
            scene.await("nobody holds a range", "SELECT (workers = 0)::integer FROM changeover.copies");
            long paused = scene.database.queryLong("SELECT rows FROM changeover.copies");
            held.clear();
            scene.awaitTrue("it says so again", () -> held.size() > 2);
            assertThat(scene.database.queryLong("SELECT rows FROM changeover.copies"))
                    .isEqualTo(paused)
                    .isLessThan(ROWS);
            elsewhere.limit(Double.MAX_VALUE, "ann", "over");
            elsewhere.resume("ann", "it is over");
            assertThat(job.join().rows()).isEqualTo(ROWS);
            assertThat(scene.database.queryStrings("SELECT concat_ws(' ', action, after, actor) FROM changeover.history"
                            + " WHERE action IN ('LIMIT', 'PAUSE', 'RESUME') ORDER BY id"))
                    .containsExactly("LIMIT 2000 ann", "PAUSE ann", "LIMIT none ann", "RESUME ann");
            assertThat(scene.differences()).isZero();
        }
    }
}
