package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.Stage;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.shadowcompare.VerificationResult;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Verifications under writers of every isolation level, followers that fail, drains and moves to and fro. All of it is
 * correct, so whatever a verification accuses is a false report.
 */
@Guarantee("G6")
class LiveVerificationTest {

    private static final int PASSES = 100;
    private static final int KEYS = 64;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final List<Stage> TO_AND_FRO = List.of(Stage.RAMP, Stage.NEW_PRIMARY, Stage.RAMP, Stage.SHADOW);

    /** What a join accuses that nobody confirms. */
    private static final String UNCONFIRMED = "SELECT count(*) FROM old.account o FULL JOIN fresh.account n USING (id)"
            + " WHERE (o.name, o.balance, o.state) IS DISTINCT FROM (n.label, n.balance, n.state)";

    @ParameterizedTest
    @EnumSource(
            value = VerificationMode.class,
            names = {"JOIN", "CHECKSUM", "JAVA"})
    void correctTrafficIsNeverAccused(VerificationMode mode) throws Exception {
        try (Live live = new Live()) {
            List<VerificationResult<Long>> passes = new ArrayList<>();
            long unconfirmed = live.during(() -> {
                long accused = 0;
                for (int i = 0; i < PASSES; i++) {
                    passes.add(live.verify(mode, live.fresh()));
                    accused += live.database.queryLong(UNCONFIRMED);
                }
                return accused;
            });

            assertThat(passes).hasSize(PASSES).allSatisfy(pass -> {
                assertThat(pass.errors()).isEmpty();
                assertThat(pass.divergences()).isEmpty();
                assertThat(pass.verdict()).isIn(Verdict.MATCH, Verdict.INCOMPLETE);
            });
            assertThat(passes).anyMatch(pass -> pass.counts().equal() > KEYS / 2);
            assertThat(unconfirmed)
                    .as("a join without marks and confirmation accuses")
                    .isPositive();
        }
    }

    /** The same with one rule left out: new is read on another connection, in a snapshot of its own. */
    @Test
    void sidesThatAreReadApartAreAccusedFalsely() throws Exception {
        try (Live live = new Live()) {
            boolean accused = live.during(() -> {
                for (int i = 0; i < 10 * PASSES; i++) {
                    if (live.verify(VerificationMode.JAVA, live.apart())
                                    .counts()
                                    .diverged()
                            > 0) {
                        return true;
                    }
                }
                return false;
            });

            assertThat(accused).isTrue();
        }
    }

    /** Traffic that goes on until what is done meanwhile is over. */
    private static final class Live implements AutoCloseable {

        final PostgresDatabase database = PostgresDatabase.fresh()
                .script("dev/changeover/proof/accounts.sql")
                .open();
        private final DataSource pool = database.pool(4);
        private final Storm storm = new Storm(database, 11, KEYS, LONGEST);
        private final Bank bank;
        private volatile boolean over;

        Live() {
            database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
            bank = storm.open();
            bank.to(Stage.SHADOW).changeover.backfill(Bank.NAME).run(progress -> {});
        }

        <T> T during(Callable<T> work) throws Exception {
            CompletableFuture<Storm.Result> traffic =
                    CompletableFuture.supplyAsync(() -> storm.run(List.of(bank), this::move));
            T done;
            try {
                storm.awaitProgress();
                done = work.call();
            } finally {
                over = true;
            }
            Storm.Result result = traffic.get(2, TimeUnit.MINUTES);
            assertThat(result.differs()).as("the traffic was correct").isFalse();
            return done;
        }

        private void move() {
            for (int i = 0; !over; i++) {
                Stage target = TO_AND_FRO.get(i % TO_AND_FRO.size());
                while (!over && bank.changeover.stages().of(Bank.NAME).stage() != target) {
                    try {
                        if (target == Stage.NEW_PRIMARY) {
                            bank.percent(100);
                        }
                        bank.changeover.stages().move(Bank.NAME, target, "test", "to and fro");
                    } catch (ChangeoverException refused) {
                        // somebody is in the way: again
                    }
                }
            }
        }

        VerificationResult<Long> verify(VerificationMode mode, EntityStore<Long, Account> next) {
            return Verification.of(pool, CheckedAccounts.repository(next))
                    .mode(mode)
                    .rangeSize(16)
                    .recheck(3, Duration.ofMillis(5))
                    .build()
                    .run();
        }

        EntityStore<Long, Account> fresh() {
            return CheckedAccounts.store("fresh", "label");
        }

        /** As {@link #fresh()}, but finds on another connection. */
        @SuppressWarnings("unchecked") // the proxy implements the very interface of its target
        EntityStore<Long, Account> apart() {
            EntityStore<Long, Account> target = fresh();
            return (EntityStore<Long, Account>) Proxy.newProxyInstance(
                    EntityStore.class.getClassLoader(),
                    new Class<?>[] {EntityStore.class},
                    (proxy, method, arguments) -> {
                        try (Connection other = pool.getConnection()) {
                            if (method.getName().equals("find")) {
                                arguments[0] = other;
                            }
                            return method.invoke(target, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public void close() {
            over = true;
            bank.close();
            database.close();
        }
    }
}
