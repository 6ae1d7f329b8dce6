package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.Outcome.Evidence;
import dev.changeover.shadowcompare.ShadowReads;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a caller gets, and how long it takes, with and without shadow reads of a new side that misbehaves. LaunchDarkly's
 * migrations let a new store of 1,500 ms make the caller wait 1,506 ms, and its errors reach the caller.
 */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
@Guarantee("G3")
class CallerUntouchedTest {
    private static final Account ANN = new Account(1, "Ann", 10);
    private static final int WINDOWS = 30;
    private static final int READS = 40;

    /** A quarter of the shortest fault, and far more than a hand-off; the machine is shared with its own server. */
    private static final long NOISE = Duration.ofMillis(5).toNanos();

    private final PostgresDatabase database;

    CallerUntouchedTest(PostgresDatabase database) {
        this.database = database;
    }

    /** What is wrong with new. */
    enum Fault {
        SLOW(id -> waits(Duration.ofMillis(20))),
        HANGING(id -> waits(Duration.ofMinutes(10))),
        ERROR(id -> {
            throw new StackOverflowError();
        }),
        EXCEPTION(id -> {
            throw new IllegalStateException("new");
        }),
        NULL(id -> null);

        private final LongFunction<Optional<Account>> find;

        Fault(LongFunction<Optional<Account>> find) {
            this.find = find;
        }

        private static Optional<Account> waits(Duration time) {
            try {
                new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(ANN);
        }
    }

    /** Shadow reads that are switched on and off while everything else stays as it is. */
    private static final class Switched implements ReadObserver {
        private volatile ShadowReads shadow;
        private volatile boolean on;

        @Override
        public boolean wants(String repository, ReadKind kind, long bucket) {
            return on && shadow.wants(repository, kind, bucket);
        }

        @Override
        public void observe(ObservedRead read) {
            shadow.observe(read);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aNewSideThatMisbehavesLeavesResultAndMedianOfTheCaller(Fault fault) {
        Switched observer = new Switched();
        Bank.Parts parts = Bank.Parts.DEFAULTS.withObserver(observer).withNext(next -> new ForwardingAccounts(next) {
            @Override
            public Optional<Account> find(long id) {
                return fault.find.apply(id);
            }
        });
        try (Bank bank = Bank.open(database, parts);
                ShadowReads shadow = shadow(bank)) {
            observer.shadow = shadow;
            bank.accounts.save(ANN);
            bank.to(Stage.SHADOW);

            long[] without = new long[WINDOWS];
            long[] with = new long[WINDOWS];
            for (int i = 0; i < WINDOWS; i++) {
                observer.on = false;
                without[i] = window(bank);
                observer.on = true;
                with[i] = window(bank);
            }

            assertThat(median(with)).as("with shadow reads").isLessThan(2 * median(without) + NOISE);
            assertThat(shadow.counters().operations()).isNotEmpty();
            observer.on = false;
            shadow.close();
            await().until(shadow::idle);
            long counted = Arrays.stream(Evidence.values())
                    .mapToLong(shadow.counters()::count)
                    .sum();
            assertThat(counted).as("every read has an outcome").isEqualTo(WINDOWS * READS);
        }
    }

    private static ShadowReads shadow(Bank bank) {
        return ShadowReads.builder(bank.transactions)
                .repository(ComparedRepository.of(Bank.NAME, KeyType.LONG, Account.class, Account::id)
                        .legacy(bank.legacyStore)
                        .next(bank.nextStore)
                        .build())
                .samplePercent(100)
                .queueCapacity(50)
                .deadline(Duration.ofMillis(200))
                .divergences(confirmed -> {})
                .build();
    }

    /** Returns the median time of a read, in nanoseconds. */
    private static long window(Bank bank) {
        long[] times = new long[READS];
        for (int i = 0; i < READS; i++) {
            long start = System.nanoTime();
            Optional<Account> found = bank.accounts.find(1);
            times[i] = System.nanoTime() - start;
            assertThat(found).contains(ANN);
        }
        return median(times);
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
