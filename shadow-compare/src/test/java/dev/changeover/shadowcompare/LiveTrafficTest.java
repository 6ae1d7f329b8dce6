package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A writer that copies at once or only marks, a drain, and readers whose every read is compared. */
@PostgresTest
@Guarantee("G6")
class LiveTrafficTest {
    private static final int KEYS = 12;
    private static final int READS = 2_500;

    private final Items items;
    private final InMemoryDivergenceLog log = new InMemoryDivergenceLog();
    private final long seed = new Random().nextLong();

    LiveTrafficTest(PostgresDatabase db) {
        this.items = new Items(db);
        LongStream.range(0, KEYS).forEach(key -> items.both(Item.of(key)));
    }

    @Test
    void thousandsOfComparisonsUnderWritesReportThePlantedDivergenceAndNothingElse() throws Exception {
        long planted = KEYS + 1;
        items.write(items.legacy, Item.of(planted));
        items.write(items.next, new Item(planted, "planted", null, Item.THEN));
        ExecutorService traffic = Executors.newFixedThreadPool(2);
        ShadowReads shadow = ShadowReads.builder(items.transactions)
                .repository(items.repository())
                .samplePercent(100)
                .queueCapacity(10 * READS)
                .threads(2)
                .deadline(Duration.ofSeconds(20))
                .divergences(log)
                .build();
        try (shadow) {
            Future<?> writer = traffic.submit(() -> untilInterrupted(new Random(seed), this::write));
            Future<?> drain = traffic.submit(() -> untilInterrupted(new Random(seed + 1), random -> drain()));
            Random random = new Random(seed + 2);
            for (int i = 0; i < READS; i++) {
                shadow.observe(read(i, i % 500 == 499 ? planted : random.nextInt(KEYS)));
            }
            await().atMost(Duration.ofMinutes(3)).until(shadow::idle);
            assertThat(writer.isDone() || drain.isDone())
                    .as("the traffic lasted")
                    .isFalse();
        } finally {
            traffic.shutdownNow();
            assertThat(traffic.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }

        ShadowCounters counters = shadow.counters();
        assertThat(counters.count(Outcome.MATCH)).isPositive();
        assertThat(counters.count(Outcome.PASSED) + counters.count(Outcome.MARKED))
                .isPositive();
        assertThat(counters.count(Outcome.ERROR)).as("seed %s", seed).isZero();
        assertThat(log.groups())
                .as("seed %s", seed)
                .flatExtracting(DivergenceGroup::samples)
                .extracting(DivergenceGroup.Sample::key)
                .containsOnly(Long.toString(planted));
    }

    private ObservedRead read(int i, long key) throws Exception {
        if (i % 3 == 0) {
            String condition = "WHERE id < " + KEYS + " ORDER BY name, id LIMIT 5";
            return items.list(served(condition), condition, condition);
        }
        List<Item> served = served("WHERE id = " + key);
        return items.find(key, served.isEmpty() ? null : served.get(0));
    }

    private List<Item> served(String condition) throws Exception {
        return items.transactions.required(
                TransactionSettings.READ_ONLY, () -> items.legacy.query(items.connection(), condition, List.of()));
    }

    /** Writes legacy, then new in the same transaction or a mark. Sometimes the entity goes, or comes back. */
    private void write(Random random) throws Exception {
        long key = random.nextInt(KEYS);
        boolean marks = random.nextInt(3) == 0;
        boolean removes = random.nextInt(4) == 0;
        Item item = new Item(key, "v" + random.nextInt(1_000), null, Item.THEN);
        items.transactions.required(TransactionSettings.DEFAULTS, () -> {
            Connection connection = items.connection();
            connection.createStatement().execute("SELECT pg_advisory_xact_lock(1, " + key + ")");
            put(connection, items.legacy, item, removes);
            if (marks) {
                connection
                        .createStatement()
                        .execute("SELECT changeover.mark(number, ARRAY['" + key
                                + "'], 'LEGACY', 'TEST') FROM changeover.repository");
            } else {
                put(connection, items.next, item, removes);
            }
            return true;
        });
    }

    private static void put(Connection connection, ItemStore store, Item item, boolean removes) throws SQLException {
        if (removes) {
            store.remove(connection, List.of(item.id()));
        } else {
            store.upsert(connection, List.of(item));
        }
    }

    /** The law of the copy, for one key. */
    private void drain() throws Exception {
        items.transactions.required(TransactionSettings.DEFAULTS, () -> {
            Connection connection = items.connection();
            var marks = connection.createStatement().executeQuery("SELECT key FROM changeover.mark LIMIT 1");
            if (marks.next()) {
                long key = marks.getLong(1);
                connection.createStatement().execute("SELECT pg_advisory_xact_lock(1, " + key + ")");
                connection.createStatement().execute("DELETE FROM changeover.mark WHERE key = '" + key + "'");
                Item state = items.legacy.find(connection, List.of(key)).get(key);
                put(connection, items.next, state == null ? Item.of(key) : state, state == null);
            }
            return true;
        });
    }

    private static void untilInterrupted(Random random, Step step) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                step.run(random);
            }
        } catch (Exception e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException(e);
            }
        }
    }

    private interface Step {
        void run(Random random) throws Exception;
    }
}
