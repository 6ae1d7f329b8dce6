package dev.changeover.shadowcompare;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.internal.PlainText;
import dev.changeover.testkit.CapturedLogs;
import dev.changeover.testkit.ExpectedLogs;
import dev.changeover.testkit.ExpectsLog;
import dev.changeover.testkit.FaultProxy;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@PostgresTest
@ExtendWith(ExpectedLogs.class)
class BufferedDivergenceLogTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final String LONG_VALUE = "a".repeat(1_000);
    private static final int LONGEST_SAMPLE = 3 * PlainText.VALUE + PlainText.PATH;

    private final PostgresDatabase db;
    private final JdbcDivergenceLog stored;
    private final UnsureDataSource unsure;

    BufferedDivergenceLogTest(PostgresDatabase db) {
        this.db = db;
        Items items = new Items(db);
        this.stored = new JdbcDivergenceLog(items.pool);
        this.unsure = new UnsureDataSource(items.pool);
    }

    private BufferedDivergenceLog buffer(int groups, Duration period) {
        return BufferedDivergenceLog.before(new JdbcDivergenceLog(unsure.asDataSource), groups, period);
    }

    private static Divergence divergence(String path, String key) {
        return new Divergence(
                "items", "find", key, new Difference(path, Kind.VALUE, LONG_VALUE, "b"), 4, Instant.now());
    }

    private long inGroups() {
        return stored.groups().stream().mapToLong(DivergenceGroup::count).sum();
    }

    private long shed() {
        return stored.shed().values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void whatIsAddedIsStoredSoonWithoutBeingAskedFor() {
        try (BufferedDivergenceLog log = buffer(10, Duration.ofMillis(20))) {
            log.add(List.of(divergence("name", "1"), divergence("name", "2"), divergence("note", "1")));

            await().until(() -> log.waiting() == 0);

            assertThat(stored.groups()).extracting(DivergenceGroup::count).containsExactly(2L, 1L);
        }
    }

    @Test
    void whatWaitsAtTheEndIsStored() {
        try (BufferedDivergenceLog log = buffer(10, NEVER)) {
            log.add(List.of(divergence("name", "1")));
            assertThat(log.waiting()).isOne();
        }

        assertThat(inGroups()).isOne();
    }

    @Test
    void aboveTheBoundDifferencesAreShedCountedAndStoredAsACount() {
        try (BufferedDivergenceLog log = buffer(3, NEVER)) {
            IntStream.range(0, 10).forEach(i -> log.add(List.of(divergence("field" + i, "1"))));

            assertThat(log.groups()).hasSize(3);
            assertThat(log.shed()).isEqualTo(Map.of("items", 7L));
        }
    }

    @Test
    @ExpectsLog("divergences cannot be stored: the database is away")
    @ExpectsLog("divergences are stored again, 30 of them after 3 failed attempts")
    void whileTheDatabaseIsAwayItGoesOnCountingInsideItsBoundAndSaysSoOnce(CapturedLogs logs) {
        unsure.away = true;
        try (BufferedDivergenceLog log = buffer(5, NEVER)) {
            for (int attempt = 0; attempt < 3; attempt++) {
                IntStream.range(0, 30).forEach(i -> log.add(List.of(divergence("field" + i, "1"))));
                assertThatThrownBy(log::groups).hasMessageContaining("the database is away");
            }
            assertThat(log.failures()).isEqualTo(3);
            assertThat(log.waiting()).isEqualTo(90);
            assertThat(logs.problems()).hasSize(1);

            unsure.away = false;
            log.groups();
            assertThat(log.groups())
                    .hasSize(5)
                    .allSatisfy(each -> assertThat(each.count()).isEqualTo(3));
            assertThat(log.shed()).isEqualTo(Map.of("items", 75L));
            assertThat(log.waiting()).isZero();
        }
    }

    @Test
    @ExpectsLog("divergences cannot be stored: no reply")
    @ExpectsLog("divergences are stored again, 1 of them after 1 failed attempts")
    void aCommitWithoutAReplyIsNotRepeated() {
        try (BufferedDivergenceLog log = buffer(5, NEVER)) {
            unsure.repliesToLose.set(1);
            log.add(List.of(divergence("name", "1")));
            log.shed();
            assertThat(inGroups()).isOne();
            assertThat(log.waiting()).isOne();

            log.add(List.of(divergence("name", "2")));
            log.shed();
            log.shed();

            assertThat(inGroups()).isEqualTo(2);
            assertThat(log.waiting()).isZero();
        }
    }

    @Test
    @ExpectsLog("divergences cannot be stored: the database is away")
    @ExpectsLog("2 divergences were not stored before the end: they count as unconfirmed")
    void whatCannotBeStoredAtTheEndIsSaid(CapturedLogs logs) {
        try (BufferedDivergenceLog log = buffer(5, NEVER)) {
            log.add(List.of(divergence("name", "1"), divergence("note", "1")));
            unsure.away = true;
        }

        assertThat(logs.problems()).hasSize(2);
    }

    @Test
    void aWrongSettingIsRefused() {
        assertThatThrownBy(() -> buffer(0, NEVER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bufferedDivergenceLog.groups");
        assertThatThrownBy(() -> buffer(1, Duration.ZERO))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bufferedDivergenceLog.period");
    }

    /** Four threads add as fast as they can, for three seconds and until 300,000 are in, in 5,000 groups. */
    @Test
    @ExpectsLog("diverged at")
    @ExpectsLog("more divergences were not logged one by one")
    void aStormStaysInsideItsBudgetAndIsCountedExactly(CapturedLogs logs) throws Exception {
        FaultProxy proxy = db.proxy();
        JdbcDivergenceLog store = new JdbcDivergenceLog(db.pool(db.dataSource(proxy), 2));
        BufferedDivergenceLog buffered = BufferedDivergenceLog.before(store);
        DivergenceLog log = new LoggingDivergenceLog().and(buffered);
        AtomicLong added = new AtomicLong();
        store.groups();
        proxy.resetCounts();
        long start = System.nanoTime();
        long until = start + SECONDS.toNanos(3);

        storm(4, thread -> {
            for (int i = 0; System.nanoTime() < until || added.get() < 300_000; i++) {
                log.add(List.of(divergence("field" + i % 5_000, thread + "-" + i)));
                added.incrementAndGet();
            }
        });
        buffered.close();
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(buffered.waiting()).isZero();
        assertThat(inGroups() + shed()).isEqualTo(added.get());
        assertThat(proxy.roundTrips())
                .as("%,d differences in %.1f s", added.get(), seconds)
                .isLessThanOrEqualTo((long) (5 * (seconds + 2)));
        assertThat(logs.problems().size()).isLessThanOrEqualTo((int) (11 * (1 + seconds / 60)));
        assertThat(stored.groups()).hasSizeLessThanOrEqualTo(1_000).allSatisfy(each -> {
            assertThat(each.samples()).hasSizeLessThanOrEqualTo(Reservoir.SIZE);
            assertThat(each.samples())
                    .allSatisfy(sample -> assertThat(length(sample)).isLessThan(LONGEST_SAMPLE));
        });
    }

    /** The heap that a buffer keeps alive is bounded by its groups and samples, since this is all that it keeps. */
    @Test
    void theGroupsOfABufferAreBoundedInNumberAndSize() {
        DivergenceGroups groups = new DivergenceGroups(500, DivergenceGroups.atRandom());
        for (int i = 0; i < 200_000; i++) {
            Divergence one = divergence("field" + i % 5_000, String.valueOf(i));
            groups.add(GroupId.of(one), one);
        }

        assertThat(groups.tallies()).hasSize(500);
        assertThat(groups.tallies().stream()
                        .mapToInt(each -> each.samples().size())
                        .max())
                .hasValue(Reservoir.SIZE);
        assertThat(groups.count()).isEqualTo(200_000);
        long kept = groups.list().stream().mapToLong(DivergenceGroup::count).sum();
        assertThat(kept + groups.shedCounts().get("items")).isEqualTo(200_000);
    }

    private static int length(DivergenceGroup.Sample sample) {
        return String.valueOf(sample.key()).length()
                + sample.path().length()
                + sample.authority().length()
                + sample.follower().length();
    }

    private interface Storming {
        void by(int thread);
    }

    private static void storm(int threads, Storming work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            all.add(executor.submit(() -> work.by(thread)));
        }
        for (Future<?> each : all) {
            each.get(120, SECONDS);
        }
        executor.shutdown();
    }
}
