package dev.changeover.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.DivergenceLog;
import dev.changeover.shadowcompare.ShadowReads;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a new side that misbehaves does to a caller whose reads are shadowed, here and at the best known peer. */
class BesideLaunchDarklyTest {

    private static final Duration SLOW = Duration.ofMillis(400);
    private static final User RIGHT = new HashUsers().find(7L);

    /** How new misbehaves, and whether the caller of the peer waits for it. */
    enum Fault {
        SLOW_ANSWER(true),
        RUNTIME_EXCEPTION(false),
        ERROR(false),
        NULL(false);

        private final boolean peerWaits;

        Fault(boolean peerWaits) {
            this.peerWaits = peerWaits;
        }

        private User find() {
            switch (this) {
                case SLOW_ANSWER -> LockSupport.parkNanos(SLOW.toNanos());
                case RUNTIME_EXCEPTION -> throw new IllegalStateException("new is broken");
                case ERROR -> throw new AssertionError("new is broken");
                default -> {
                    return null;
                }
            }
            return RIGHT;
        }
    }

    /** A side on which only {@code find} is asked for. */
    private static Users misbehaving(Fault fault) {
        return (Users) java.lang.reflect.Proxy.newProxyInstance(
                Users.class.getClassLoader(), new Class<?>[] {Users.class}, (proxy, method, arguments) -> fault.find());
    }

    /** What a caller got, and after how long. */
    private record Served(Object answer, Duration time) {
        static Served by(Supplier<Object> read) {
            long start = System.nanoTime();
            Object answer;
            try {
                answer = read.get();
            } catch (Throwable e) {
                answer = e;
            }
            return new Served(answer, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void theCallerOfAShadowedReadNeitherWaitsNorFails(Fault fault) {
        NoTransactions transactions = new NoTransactions();
        try (ShadowReads shadow = ShadowReads.builder(transactions)
                        .repository(ComparedRepository.of(Library.NAME, KeyType.LONG, User.class, User::id)
                                .legacy(new NoStore())
                                .next(new NoStore())
                                .build())
                        .samplePercent(100)
                        .divergences(DivergenceLog.NONE)
                        .build();
                Library library =
                        new Library(Stage.SHADOW, transactions, shadow, new HashUsers(), misbehaving(fault))) {
            Users users = library.byHand();
            users.find(7L); // what is done once is not the caller's wait
            Served served = Served.by(() -> users.find(7L));
            assertThat(served.answer()).isEqualTo(RIGHT);
            assertThat(served.time()).isLessThan(SLOW.dividedBy(2));
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void theCallerOfThePeerWaitsForNew(Fault fault) throws Exception {
        try (LaunchDarkly peer =
                new LaunchDarkly("shadow", MigrationExecution.Parallel(), new HashUsers(), misbehaving(fault))) {
            Served served = Served.by(() -> peer.find(7L));
            assertThat(served.time().compareTo(SLOW.minusMillis(20)) >= 0).isEqualTo(fault.peerWaits);
            assertThat(served.answer()).isEqualTo(RIGHT);
        }
    }
}
