package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Stage;
import dev.changeover.core.measure.Judgement;
import dev.changeover.core.measure.Latencies;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.measure.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What instances count arrives in the control schema, all of it and of all of them. */
class MeasurementsTest {

    private static final Duration QUICK = Duration.ofMillis(20);

    private static Bank.Parts parts(Measurements measurements) {
        return Bank.Parts.DEFAULTS
                .withMeasurements(measurements)
                .withBuilder(builder -> builder.route(m -> m.rehearses("save")));
    }

    private static long sum(Scene scene, String column, String table) {
        return scene.database.queryLong("SELECT coalesce(sum(" + column + "), 0)::bigint FROM changeover." + table);
    }

    @Test
    void whatTwoInstancesServeAndRehearseIsAddedUp() {
        try (Scene scene = Scene.open(parts(Measurements.every(QUICK))).to(Stage.DUAL_WRITE)) {
            Bank green = scene.bank();
            Bank other = scene.bank(parts(Measurements.every(QUICK)));
            green.accounts.save(new Account(1, "Ann", 9)); // new has no such row yet, so this is no rehearsal
            for (Bank bank : List.of(green, other)) {
                bank.accounts.save(new Account(1, "Ann", 10));
                bank.accounts.find(1);
                bank.accounts.find(2);
            }
            scene.awaitTrue("all calls are there", () -> sum(scene, "calls", "call") == 7);
            scene.awaitTrue("all rehearsals are there", () -> sum(scene, "matched", "comparison") == 2);
            assertThat(scene.database.queryString("SELECT string_agg(DISTINCT operation || ' ' || side, ', ' ORDER BY"
                            + " operation || ' ' || side) FROM changeover.call"))
                    .isEqualTo("find LEGACY, save LEGACY");
            assertThat(sum(scene, "(SELECT sum(b) FROM unnest(buckets) b)", "call"))
                    .isEqualTo(7);
            assertThat(sum(scene, "marked", "comparison")).isOne();
            scene.awaitTrue(
                    "the follower's part of each write is there",
                    () -> sum(scene, "(SELECT sum(b) FROM unnest(followed) b)", "call") == 3);
        }
    }

    @Test
    void whatCannotBeToldWhileTheDatabaseIsAwayIsToldLater() {
        Measurements measurements = Measurements.every(QUICK);
        try (Scene scene = Scene.open(parts(measurements))) {
            scene.sql("ALTER FUNCTION changeover.measure(jsonb, jsonb) RENAME TO away");
            measurements.compared(Bank.NAME, "find", Source.READ, Judgement.MATCHED);
            scene.awaitTrue(
                    "it could not be told",
                    () -> scene.bank().events.failures.stream()
                            .anyMatch(each -> String.valueOf(each.getMessage()).contains("measure")));
            scene.sql("ALTER FUNCTION changeover.away(jsonb, jsonb) RENAME TO measure");
            scene.awaitTrue("it is told", () -> sum(scene, "matched", "comparison") == 1);
        }
    }

    @Test
    void theLastCountsAreToldAtTheEnd() {
        Measurements measurements = Measurements.every(Duration.ofDays(1));
        try (Scene scene = Scene.open(parts(measurements))) {
            measurements.compared(Bank.NAME, "find", Source.READ, Judgement.MATCHED);
            scene.bank().changeover.close();
            assertThat(sum(scene, "matched", "comparison")).isOne();
        }
    }

    @Test
    void whoAddsAtTheSameTimeLosesNothingWhileMinutesBecomeHours() throws Exception {
        try (Scene scene = Scene.open()) {
            scene.sql(
                    "INSERT INTO changeover.call SELECT 'accounts', 'find', 'NEW', date_trunc('hour', now())"
                            + " - interval '3 days' + n * interval '1 minute', 2, 1, 10, '{1,1}' FROM generate_series(1, 90) n");
            Callable<Void> adding = () -> {
                for (int i = 0; i < 25; i++) {
                    scene.sql("SELECT changeover.measure('[]', '[{\"repository\":\"accounts\",\"operation\":\"find\","
                            + "\"side\":\"NEW\",\"calls\":2,\"failures\":1,\"nanos\":10,\"buckets\":[1,1]}]'),"
                            + " changeover.fold_measurements('2 days', '90 days')");
                }
                return null;
            };
            ExecutorService threads = Executors.newFixedThreadPool(6);
            for (Future<Void> done : threads.invokeAll(
                    IntStream.range(0, 6).mapToObj(i -> adding).toList())) {
                done.get();
            }
            threads.shutdown();
            assertThat(sum(scene, "calls", "call")).isEqualTo(2 * (90 + 150));
            assertThat(sum(scene, "buckets[2]", "call")).isEqualTo(90 + 150);
            assertThat(scene.database.queryLong(
                            "SELECT count(*) FROM changeover.call WHERE at < now() - interval '1 day'"))
                    .isEqualTo(2);
            scene.sql("SELECT changeover.fold_measurements('2 days', '2 days')");
            assertThat(sum(scene, "calls", "call")).isEqualTo(300);
        }
    }

    /** A driver may give its sessions the time zone of their machine, and some zones have hours of their own. */
    @Test
    void hoursStayWhereTheyAreWhicheverTimeZoneFoldsThem() {
        try (Scene scene = Scene.open()) {
            scene.sql(
                    "INSERT INTO changeover.call SELECT 'accounts', 'find', 'NEW', date_trunc('hour', now(), 'UTC')"
                            + " - interval '3 days' + n * interval '1 minute', 2, 1, 10, '{1,1}' FROM generate_series(0, 59) n");
            for (int i = 0; i < 6; i++) {
                scene.sql("SET timezone = '" + (i % 2 == 0 ? "Asia/Kolkata" : "UTC")
                        + "'; SELECT changeover.fold_measurements('2 days', '90 days'); RESET timezone");
            }
            assertThat(sum(scene, "calls", "call")).isEqualTo(120);
            assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.call WHERE at ="
                            + " date_trunc('hour', now(), 'UTC') - interval '3 days'"))
                    .isOne();
        }
    }

    @Test
    void latenciesAreKnownToAQuarter() {
        for (long nanos = 1; nanos < 60_000_000_000L; nanos = nanos * 9 / 8 + 1) {
            int bucket = Latencies.bucket(nanos);
            assertThat(Latencies.floor(bucket)).isLessThanOrEqualTo(nanos);
            if (nanos >= 1 << 14) {
                assertThat((double) Latencies.floor(bucket)).isGreaterThan(nanos / 1.26);
            }
        }
        assertThat(Latencies.bucket(Long.MAX_VALUE)).isEqualTo(Latencies.BUCKETS - 1);
        assertThat(Latencies.bucket(-1)).isZero();
    }

    @Test
    void aPeriodThatIsTooShortIsRefused() {
        assertThatThrownBy(() -> Measurements.every(Duration.ofMillis(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("measurements.every");
    }
}
