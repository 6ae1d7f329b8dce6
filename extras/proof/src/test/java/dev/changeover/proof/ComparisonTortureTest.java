package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.InMemoryDivergenceLog;
import dev.changeover.shadowcompare.Outcome;
import dev.changeover.shadowcompare.RehearsedWrites;
import dev.changeover.shadowcompare.ShadowReads;
import dev.changeover.shadowcompare.WriteChecks;
import dev.changeover.testkit.Guarantee;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Two sides that are equal by construction, under traffic that writes, kills and moves: whatever is reported is false.
 * {@code -Dcomparisons=100000} says how many comparisons there are to be, {@code -Dseed} with which choices.
 */
@Guarantee("G6")
class ComparisonTortureTest {

    private static final long COMPARISONS = Long.getLong("comparisons", 6_000);
    private static final long SEED = Long.getLong("seed", 20261122);

    private final InMemoryDivergenceLog log = new InMemoryDivergenceLog();
    private final Late observer = new Late();
    private long rehearsed;

    /** An observer that there is only once there is a bank. */
    private static final class Late implements ReadObserver {
        private volatile ReadObserver observer = ReadObserver.NONE;

        @Override
        public boolean wants(String repository, ReadKind kind, long bucket) {
            return observer.wants(repository, kind, bucket);
        }

        @Override
        public void observe(ObservedRead read) {
            observer.observe(read);
        }
    }

    private Scene scene(WriteChecks checks, RehearsedWrites rehearsals) {
        AtomicLong copies = new AtomicLong();
        Scene scene = Scene.open(Bank.Parts.DEFAULTS
                .withObserver(observer)
                .withWriteObserver(checks)
                .withListener(rehearsals)
                .withBuilder(builder -> builder.route(m -> m.rehearses("save", "add")))
                .withNextStore(store -> new Sometimes(store, copies)));
        scene.bank().changeover.drain().resume();
        scene.bank().changeover.sentinels().install(Bank.NAME, Strangers.MARK, "test", "somebody writes round it");
        return scene.to(Stage.RAMP).to(Stage.SHADOW);
    }

    private ShadowReads shadow(Bank bank) {
        return ShadowReads.builder(bank.transactions)
                .repository(ComparedRepository.of(Bank.NAME, KeyType.LONG, Account.class, Account::id)
                        .legacy(bank.legacyStore)
                        .next(bank.nextStore)
                        .build())
                .samplePercent(100)
                .threads(2)
                .budgetPercent(100)
                .divergences(log)
                .build();
    }

    @Test
    void nothingIsReportedOfSidesThatAreEqual() throws Exception {
        WriteChecks checks =
                WriteChecks.builder().samplePercent(50).divergences(log).build();
        RehearsedWrites rehearsals = RehearsedWrites.into(log);
        try (Scene scene = scene(checks, rehearsals);
                ShadowReads shadow = shadow(scene.bank())) {
            observer.observer = shadow;
            try (Traffic traffic = Traffic.begin(scene, SEED)) {
                while (compared(shadow, checks, scene) < COMPARISONS) {
                    Thread.sleep(100);
                    assertThat(log.groups()).isEmpty();
                    assertThat(traffic.broken()).isEmpty();
                }
            }
            scene.awaitTrue("every read is dealt with", shadow::idle);
            assertThat(log.groups()).isEmpty();
            System.out.println("COMPARED seed=" + SEED + " comparisons=" + compared(shadow, checks, scene)
                    + " rehearsals=" + rehearsals(scene) + " reads=" + outcomes(shadow.counters())
                    + " write_checks=" + outcomes(checks.counters()) + " false="
                    + log.groups().size());
        } finally {
            checks.close();
            rehearsals.close();
        }
    }

    private long compared(ShadowReads shadow, WriteChecks checks, Scene scene) {
        return shadow.counters().count(Outcome.Evidence.COMPARED)
                + checks.counters().count(Outcome.Evidence.COMPARED)
                + rehearsals(scene);
    }

    /** What the bank writes down of each event is taken away, or a long run would fill the memory. */
    private long rehearsals(Scene scene) {
        Bank.Recorded events = scene.bank().events;
        events.served.clear();
        events.marks.clear();
        events.fallbacks.clear();
        events.failures.clear();
        for (String each = events.rehearsals.poll(); each != null; each = events.rehearsals.poll()) {
            rehearsed += each.contains("skipped") ? 0 : 1;
        }
        return rehearsed;
    }

    private static Map<Outcome, Long> outcomes(dev.changeover.shadowcompare.ShadowCounters counters) {
        Map<Outcome, Long> sums = new EnumMap<>(Outcome.class);
        counters.operations().forEach(each -> each.counts().forEach((outcome, n) -> sums.merge(outcome, n, Long::sum)));
        return sums;
    }

    /** The mutant: whoever believes a first look accuses equal sides. */
    @Test
    void whoBelievesTheFirstLookReportsDifferencesThatAreNone() throws Exception {
        try (Scene scene = scene(WriteChecks.builder().samplePercent(0).build(), RehearsedWrites.into(log))) {
            FirstLook naive = new FirstLook(scene.bank().transactions);
            observer.observer = naive;
            try (Traffic traffic = Traffic.begin(scene, SEED)) {
                scene.awaitTrue("it accuses", () -> naive.lookAndCount() > 0);
                assertThat(traffic.broken()).isEmpty();
            }
        }
    }

    /** Repeats what it can on the other side and believes what it sees. */
    private static final class FirstLook implements ReadObserver {
        private final BlockingQueue<ObservedRead> reads = new ArrayBlockingQueue<>(100);
        private final Transactions transactions;
        private long differences;

        FirstLook(Transactions transactions) {
            this.transactions = transactions;
        }

        @Override
        public void observe(ObservedRead read) {
            reads.offer(read);
        }

        long lookAndCount() throws Exception {
            List<ObservedRead> waiting = new ArrayList<>();
            reads.drainTo(waiting);
            for (ObservedRead read : waiting) {
                Object other = transactions.required(
                        TransactionSettings.READ_ONLY,
                        () -> read.again().on(read.served().other()));
                differences += read.failure() == null && !Objects.equals(read.value(), other) ? 1 : 0;
            }
            return differences;
        }
    }
}
