package dev.changeover.shadowcompare;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.shadowcompare.Outcome.Evidence;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@PostgresTest
@Guarantee("G3")
class ShadowReadsTest {
    private static final Item ONE = Item.of(1);

    private final Items items;
    private final InMemoryDivergenceLog log = new InMemoryDivergenceLog();
    private final List<ShadowReads> opened = new ArrayList<>();

    ShadowReadsTest(PostgresDatabase db) {
        this.items = new Items(db);
        items.both(ONE);
    }

    @AfterEach
    void close() {
        opened.forEach(ShadowReads::close);
    }

    private ShadowReads.Builder builder() {
        return ShadowReads.builder(items.transactions)
                .repository(items.repository())
                .samplePercent(100)
                .deadline(Duration.ofSeconds(30))
                .divergences(log);
    }

    private ShadowReads open(ShadowReads.Builder builder) {
        ShadowReads shadow = builder.build();
        opened.add(shadow);
        return shadow;
    }

    private ShadowReads settled(ShadowReads shadow, ObservedRead... reads) {
        List.of(reads).forEach(shadow::observe);
        await().until(shadow::idle);
        return shadow;
    }

    private ObservedRead answered(ObservedRead.Again newSide) {
        return items.read("find", ReadKind.KEYED, 1L, ONE, side -> side == Side.NEW ? newSide.on(side) : ONE);
    }

    @Test
    void equalResultsAreCountedAsMatches() {
        ShadowReads shadow = settled(open(builder()), items.find(1, ONE), items.find(1, ONE));

        assertThat(shadow.counters().count("items", "find", Outcome.MATCH)).isEqualTo(2);
        assertThat(log.groups()).isEmpty();
    }

    @Test
    void aHangingSideKeepsNoCallerAndFillsOnlyItsOwnQueue() {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ShadowReads shadow = open(builder().queueCapacity(3).deadline(Duration.ofMinutes(1)));
        shadow.observe(answered(side -> {
            hanging.countDown();
            return never.await(60, SECONDS);
        }));
        await().until(() -> hanging.getCount() == 0);

        for (int i = 0; i < 10; i++) {
            shadow.observe(items.find(1, ONE));
        }

        assertThat(shadow.counters().count(Outcome.DROPPED)).isEqualTo(7);
        never.countDown();
        await().until(shadow::idle);
        assertThat(shadow.counters().count(Outcome.MATCH)).isEqualTo(3);
    }

    @Test
    void aSideThatHangsInJavaIsInterruptedAtTheDeadline() {
        ShadowReads shadow = open(builder().deadline(Duration.ofMillis(200)));
        CountDownLatch never = new CountDownLatch(1);

        settled(shadow, answered(side -> never.await(60, SECONDS)), items.find(1, ONE));

        assertThat(shadow.counters().count(Outcome.ERROR)).isOne();
        assertThat(shadow.counters().count(Outcome.MATCH)).isOne();
    }

    @Test
    void aReadThatHangsWhenTheObserverIsClosedStillHasItsDeadline() {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ShadowReads shadow = open(builder().deadline(Duration.ofMillis(500)));
        shadow.observe(answered(side -> {
            hanging.countDown();
            return never.await(60, SECONDS);
        }));
        await().until(() -> hanging.getCount() == 0);

        shadow.close();

        await().until(shadow::idle);
        assertThat(shadow.counters().count(Outcome.ERROR)).isOne();
    }

    @Test
    void aSideThatSwallowsTheInterruptIsNotTakenForAnAnswer() {
        ShadowReads shadow = open(builder().deadline(Duration.ofMillis(200)));
        CountDownLatch never = new CountDownLatch(1);

        settled(shadow, answered(side -> {
            try {
                return never.await(60, SECONDS);
            } catch (InterruptedException e) {
                return null;
            }
        }));

        assertThat(shadow.counters().count(Outcome.ERROR)).isOne();
        assertThat(log.groups()).isEmpty();
    }

    @Test
    void aStatementThatHangsIsCancelledAtTheDeadline() {
        ShadowReads shadow = open(builder().deadline(Duration.ofSeconds(3)));

        settled(shadow, answered(side -> queried("SELECT pg_sleep(60)")), items.find(1, ONE));

        assertThat(shadow.counters().count(Outcome.ERROR)).isOne();
        assertThat(shadow.counters().count(Outcome.MATCH)).isOne();
    }

    @Test
    void anErrorOfTheOtherSideIsCountedAndTheWorkerGoesOn() {
        ShadowReads shadow = open(builder());

        settled(
                shadow,
                answered(side -> {
                    throw new StackOverflowError();
                }),
                items.find(1, ONE));

        assertThat(shadow.counters().count(Outcome.ERROR)).isOne();
        assertThat(shadow.counters().count(Outcome.MATCH)).isOne();
    }

    @Test
    void anExceptionThatRepeatsInASnapshotIsADivergence() {
        ShadowReads shadow = open(builder());

        settled(shadow, answered(side -> {
            throw new IllegalArgumentException("not ported yet");
        }));

        assertThat(shadow.counters().count(Outcome.DIVERGED)).isOne();
        assertThat(log.groups()).singleElement().satisfies(group -> {
            assertThat(group.kind()).isEqualTo(Kind.ERROR);
            assertThat(group.samples().get(0).follower()).isEqualTo("threw java.lang.IllegalArgumentException");
        });
    }

    @Test
    void aStatementThatIsWrongOnTheNewSideIsADivergence() {
        ShadowReads shadow = settled(open(builder()), answered(side -> queried("SELECT nothing FROM nowhere")));

        assertThat(shadow.counters().count(Outcome.DIVERGED)).isOne();
    }

    @Test
    void theSameExceptionOnBothSidesIsAMatch() {
        ObservedRead failed = new ObservedRead(
                "items", "find", ReadKind.KEYED, "1", Side.LEGACY, null, new IllegalStateException("a"), 1, 1, side -> {
                    throw new IllegalStateException("b");
                });

        assertThat(settled(open(builder()), failed).counters().count(Outcome.MATCH))
                .isOne();
    }

    @Test
    void nullOfTheNewSideIsADivergenceThoughTheTablesAgree() {
        ShadowReads shadow = settled(open(builder()), answered(side -> null));

        assertThat(shadow.counters().count(Outcome.DIVERGED)).isOne();
        assertThat(log.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.kind()).isEqualTo(Kind.MISSING));
    }

    @Test
    void nothingTheReadDoesReachesTheCaller() {
        ShadowReads shadow = open(builder());
        ObservedRead broken = new ObservedRead(
                "items", "find", ReadKind.KEYED, "not a number", Side.LEGACY, ONE, null, 1, 1, side -> null);

        settled(shadow, broken);

        assertThat(shadow.counters().count(Outcome.ERROR)).isOne();
    }

    @Test
    void aSideThatFailsTooOftenIsLeftAlone() {
        CircuitBreakerConfig strict = CircuitBreakerConfig.custom()
                .slidingWindowSize(4)
                .minimumNumberOfCalls(4)
                .build();
        ShadowReads shadow = open(builder().circuitBreaker(strict));
        for (int i = 0; i < 10; i++) {
            shadow.observe(answered(side -> {
                throw new java.sql.SQLRecoverableException("down");
            }));
        }
        await().until(shadow::idle);

        assertThat(shadow.counters().count(Outcome.ERROR)).isEqualTo(4);
        assertThat(shadow.counters().count(Outcome.SHED)).isEqualTo(6);
        assertThat(shadow.counters().count(Evidence.UNCONFIRMED)).isEqualTo(10);
        assertThat(shadow.counters().count(Evidence.COMPARED)).isZero();
    }

    @Test
    void theReadRunsReadOnlyInATransactionOfItsOwnWithTheContextOfTheCaller() {
        AtomicReference<String> seen = new AtomicReference<>();
        MDC.put("request", "r1");
        try {
            settled(open(builder()), answered(side -> {
                seen.set(MDC.get("request") + " " + queried("SHOW transaction_read_only") + " "
                        + Thread.currentThread().getName());
                return ONE;
            }));
        } finally {
            MDC.clear();
        }

        assertThat(seen).hasValue("r1 on changeover-shadow-items");
    }

    @Test
    void aLineThatIsLoggedInsideTheReadCarriesTheRequestAndTheNextOneDoesNot() {
        Logger inside = (Logger) LoggerFactory.getLogger("inside");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        inside.setLevel(Level.INFO);
        inside.addAppender(lines);
        ObservedRead logged = answered(side -> {
            inside.info("read");
            MDC.put("left", "behind");
            return ONE;
        });
        ShadowReads shadow = open(builder());
        MDC.put("request", "r1");
        try {
            settled(shadow, logged);
        } finally {
            MDC.clear();
        }
        settled(shadow, logged);
        inside.detachAppender(lines);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getMDCPropertyMap)
                .containsExactly(Map.of("request", "r1"), Map.of());
    }

    @Test
    void theReadRunsInTheObservationOfTheCaller() {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(context -> true);
        AtomicReference<Observation> seen = new AtomicReference<>();
        Observation request = Observation.start("request", observations);
        try (Observation.Scope scope = request.openScope()) {
            settled(open(builder().observations(observations)), answered(side -> {
                seen.set(observations.getCurrentObservation());
                return ONE;
            }));
        } finally {
            request.stop();
        }

        assertThat(seen.get()).isSameAs(request);
    }

    @Test
    void anObservationThatCannotBeEnteredIsCountedAndTheWorkerGoesOn() {
        ObservationRegistry observations = ObservationRegistry.create();
        AtomicBoolean broken = new AtomicBoolean();
        observations.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onScopeOpened(Observation.Context context) {
                if (broken.get()) {
                    throw new IllegalStateException("no tracer");
                }
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        ShadowReads shadow = open(builder().observations(observations).deadline(Duration.ofSeconds(30)));
        Observation request = Observation.start("request", observations);
        try (Observation.Scope scope = request.openScope()) {
            broken.set(true);
            settled(shadow, items.find(1, ONE));
            broken.set(false);
        } finally {
            request.stop();
        }
        settled(shadow, items.find(1, ONE));

        assertThat(shadow.counters().count(Outcome.ERROR)).isOne();
        assertThat(shadow.counters().count(Outcome.MATCH)).isOne();
    }

    @Test
    void theNoiseFloorTellsHowOftenAReadDiffersFromItself() {
        AtomicLong call = new AtomicLong();
        ShadowReads shadow = open(builder().noiseFloorPercent(100).deadline(Duration.ofSeconds(30)));

        settled(
                shadow,
                items.find(1, ONE),
                items.read("count", ReadKind.KEYED, 1L, 0L, side -> side == Side.NEW ? 0L : call.incrementAndGet()));

        assertThat(noise(shadow, "find").rereads()).isOne();
        assertThat(noise(shadow, "find").unstable()).isZero();
        assertThat(noise(shadow, "find").servedNanos()).isPositive();
        assertThat(noise(shadow, "find").otherNanos()).isPositive();
        assertThat(noise(shadow, "count").unstable()).isOne();
        assertThat(shadow.counters().count("items", "count", Outcome.MATCH)).isOne();
    }

    @Test
    void withoutTheNoiseFloorTheServingSideIsLeftAlone() {
        ShadowReads shadow = settled(open(builder()), items.find(1, ONE));

        assertThat(noise(shadow, "find")).isEqualTo(NoiseFloor.NONE);
    }

    private static NoiseFloor noise(ShadowReads shadow, String operation) {
        return shadow.counters().operations().stream()
                .filter(each -> each.operation().equals(operation))
                .findFirst()
                .orElseThrow()
                .noise();
    }

    @Test
    void whichSideIsAskedFirstIsLeftToChance() {
        List<Side> first = new java.util.concurrent.CopyOnWriteArrayList<>();
        AtomicLong call = new AtomicLong();
        ShadowReads shadow = open(builder().noiseFloorPercent(100));
        for (int i = 0; i < 20; i++) {
            shadow.observe(items.read("find", ReadKind.KEYED, 1L, ONE, side -> {
                if (call.getAndIncrement() % 2 == 0) {
                    first.add(side);
                }
                return ONE;
            }));
        }
        await().atMost(Duration.ofMinutes(1)).until(shadow::idle);

        assertThat(first).hasSize(20).contains(Side.LEGACY, Side.NEW);
    }

    @Test
    void aHandOffThatCostsTheCallerTooMuchIsShedAndCounted() {
        ShadowReads shadow = open(builder().queueCapacity(100_000));
        int reads = 10_000;
        for (int i = 0; i < reads; i++) {
            shadow.observe(dear());
        }
        shadow.close();
        await().until(shadow::idle);

        assertThat(shadow.costs()).singleElement().satisfies(cost -> {
            assertThat(cost.handOffNanos()).isGreaterThan(cost.readNanos() / 20);
            assertThat(cost.admitted()).isLessThan(0.1);
            assertThat(cost.workNanos()).isPositive();
        });
        assertThat(shadow.counters().count(Outcome.SHED)).isGreaterThan(reads / 2);
        assertThat(shadow.counters().count(Evidence.COMPARED)
                        + shadow.counters().count(Evidence.UNCONFIRMED))
                .isEqualTo(reads);
    }

    /** A read of 1 ms whose copy of the result took another. */
    private ObservedRead dear() {
        long answered = System.nanoTime() - 1_000_000;
        return new ObservedRead(
                "items", "find", ReadKind.KEYED, "1", Side.LEGACY, ONE, null, 1_000_000, answered, 1, side -> ONE);
    }

    @Test
    void aWorkerThatMayWorkHalfTheTimeRestsAsLongAsItWorked() {
        ShadowReads shadow = open(builder().workPercent(50));
        long start = System.nanoTime();

        settled(shadow, answered(side -> queried("SELECT pg_sleep(0.2)")), items.find(1, ONE));

        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(400).toNanos());
        assertThat(shadow.costs().get(0).workNanos())
                .isBetween(Duration.ofMillis(200).toNanos(), System.nanoTime() - start);
    }

    @Test
    void theSampleIsStableMonotoneAndOfTheRightSize() {
        ShadowReads tenth = open(builder().samplePercent(10));
        ShadowReads quarter = open(builder().samplePercent(25));
        long[] hashes = LongStream.range(0, 20_000).map(KeyType.LONG::hash).toArray();

        long wanted = 0;
        for (long hash : hashes) {
            boolean small = tenth.wants("items", ReadKind.KEYED, hash);
            assertThat(small && !quarter.wants("items", ReadKind.KEYED, hash)).isFalse();
            wanted += small ? 1 : 0;
        }
        assertThat(wanted).isBetween(1_800L, 2_200L);
        assertThat(open(builder().samplePercent(0)).wants("items", ReadKind.KEYED, 0))
                .isFalse();
        assertThat(open(builder()).wants("others", ReadKind.KEYED, 0)).isFalse();
    }

    @Test
    void readsWithoutAKeyAreSampledTooThoughTheyHaveNoBucket() {
        ShadowReads half = open(builder().samplePercent(50));

        long wanted = LongStream.range(0, 1_000)
                .filter(i -> half.wants("items", ReadKind.QUERY, 0))
                .count();

        assertThat(wanted).isBetween(300L, 700L);
    }

    @Test
    void aClosedObserverTakesNothingAndBreaksNothing() {
        ShadowReads shadow = open(builder());
        shadow.close();

        shadow.observe(items.find(1, ONE));

        assertThat(shadow.counters().count(Outcome.DROPPED)).isOne();
        assertThat(shadow.idle()).isTrue();
    }

    @Test
    void whatWaitsWhenItIsClosedIsDroppedAndCounted() {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        ShadowReads shadow = open(builder().deadline(Duration.ofMinutes(1)));
        shadow.observe(answered(side -> {
            hanging.countDown();
            released.await(60, SECONDS);
            return ONE;
        }));
        await().until(() -> hanging.getCount() == 0);
        shadow.observe(items.find(1, ONE));

        shadow.close();
        released.countDown();

        await().until(shadow::idle);
        assertThat(shadow.counters().count(Outcome.DROPPED)).isOne();
        assertThat(shadow.counters().count(Outcome.MATCH)).isOne();
    }

    @Test
    void aFailingLogDoesNotStopTheWorker() {
        ShadowReads shadow = open(builder().divergences(confirmed -> {
            throw new IllegalStateException("disk full");
        }));

        settled(shadow, answered(side -> null), items.find(1, ONE));

        assertThat(shadow.counters().count(Outcome.DIVERGED)).isOne();
        assertThat(shadow.counters().count(Outcome.MATCH)).isOne();
    }

    @Test
    void metersShowTheSameCounts() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        settled(open(builder().meters(meters)), items.find(1, ONE));

        assertThat(meters.get("changeover.shadow.reads")
                        .tags("repository", "items", "operation", "find", "outcome", "match")
                        .functionCounter()
                        .count())
                .isOne();
    }

    @Test
    void wrongSettingsAreRefusedWithARemedy() {
        assertThatThrownBy(() -> builder().samplePercent(101))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("shadowReads.samplePercent: it is 101.0. Give 0 to 100");
        assertThatThrownBy(() -> builder().budgetPercent(0)).hasMessageContaining("or samplePercent(0)");
        assertThatThrownBy(() -> builder().workPercent(101)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> builder().noiseFloorPercent(-1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> builder().queueCapacity(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> builder().repository(items.repository())).hasMessageContaining("given twice");
        assertThatThrownBy(() -> ShadowReads.builder(items.transactions).build())
                .hasMessageContaining("none is given");
    }

    private String queried(String sql) throws SQLException {
        try (Statement statement = items.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
