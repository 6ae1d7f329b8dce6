package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Settings;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No read is served by a side that is known to lack the state of its key. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class FreshReadsTest {

    private static final int KEYS = 8;

    private final PostgresDatabase database;
    private final Probe probe = new Probe();

    FreshReadsTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void clear() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE; TRUNCATE old.account, fresh.account");
    }

    @AfterEach
    void mend() {
        database.execute("ALTER DATABASE " + database.name() + " RESET synchronous_commit");
    }

    @Test
    @Guarantee("G5")
    void aReadNeverReturnsLessThanWhatWasAcknowledgedBeforeItBegan() {
        Seen seen = countersUnderFailingFollowers("SELECT", 4);
        assertThat(seen.stale).isEmpty();
        assertThat(seen.byNew.get()).isPositive();
        assertThat(seen.reads.get()).isGreaterThan(seen.byNew.get());
    }

    @Test
    void readsThatDoNotAskForMarksAreCaught() {
        Seen seen = countersUnderFailingFollowers("""
                CREATE OR REPLACE FUNCTION changeover.ask(p_repository integer, p_key text)
                    RETURNS TABLE (stage text, epoch bigint, percent integer, right_side text)
                    LANGUAGE sql STABLE AS $$ SELECT 'RAMP', 1::bigint, 100, NULL::text $$""", 20);
        assertThat(seen.stale).isNotEmpty();
    }

    private static final class Seen {
        final Queue<String> stale = new ConcurrentLinkedQueue<>();
        final AtomicLong reads = new AtomicLong();
        final AtomicLong byNew = new AtomicLong();
    }

    private Seen countersUnderFailingFollowers(String mutation, int seconds) {
        database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
        long seed = 7;
        System.out.println("fresh seed=" + seed);
        Random failing = new Random(seed);
        Seen seen = new Seen();
        try (Bank bank = Bank.open(
                database,
                Bank.Parts.DEFAULTS
                        .withNext(Watched.as(Accounts.class, "new", point -> {
                            if (point.endsWith(" done")) {
                                seen.byNew.incrementAndGet();
                            }
                        }))
                        .withNextStore(Watched.as(EntityStore.class, "new", point -> {
                            if (point.equals("new.upsert") && failing.nextInt(3) == 0) {
                                throw new IllegalStateException("marked, please");
                            }
                        })))) {
            bank.to(Stage.RAMP).percent(100);
            for (long key = 0; key < KEYS; key++) {
                bank.accounts.save(new Account(key, "c" + key, 0));
            }
            bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10));
            database.execute(mutation);
            run(bank, seen, seconds);
        }
        System.out.printf("fresh reads=%d by_new=%d stale=%d%n", seen.reads.get(), seen.byNew.get(), seen.stale.size());
        return seen;
    }

    private static void run(Bank bank, Seen seen, int seconds) {
        AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
        long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int stripe = i;
            threads.add(new Thread(() -> {
                for (long n = 1; System.nanoTime() < until && seen.stale.isEmpty(); n++) {
                    int key = (int) (n % (KEYS / 4)) * 4 + stripe;
                    bank.accounts.add(key, 1);
                    acknowledged.incrementAndGet(key);
                }
            }));
            threads.add(new Thread(() -> {
                Random random = new Random(stripe);
                while (System.nanoTime() < until && seen.stale.isEmpty()) {
                    int key = random.nextInt(KEYS);
                    long before = acknowledged.get(key);
                    long found = bank.accounts.find(key).orElseThrow().balance();
                    seen.reads.incrementAndGet();
                    if (found < before) {
                        seen.stale.add(key + ": " + found + " < " + before);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The other instance has not polled since the move: what its own write marked, its own read must respect. */
    @Test
    @Guarantee("G5")
    void anInstanceThatMissedAMoveReadsItsOwnWrites() {
        Settings slow = Settings.DEFAULTS.withLease(Duration.ofSeconds(60));
        try (Bank mover = Bank.open(database);
                Bank other = Bank.open(
                        database,
                        Bank.Parts.DEFAULTS
                                .withSettings(Settings.DEFAULTS)
                                .withNextStore(Watched.as(EntityStore.class, "new", probe)))) {
            mover.to(Stage.NEW_PRIMARY);
            assertThat(other.changeover.stages().of(Bank.NAME).stage()).isEqualTo(Stage.NEW_PRIMARY);
            other.close();
            try (Bank late = Bank.open(
                    database,
                    Bank.Parts.DEFAULTS
                            .withSettings(slow)
                            .withNextStore(Watched.as(EntityStore.class, "new", probe)))) {
                late.accounts.save(new Account(1, "a", 1));
                mover.to(Stage.RAMP);
                mover.changeover.drain().pause();
                late.changeover.drain().pause();
                probe.throwAt("new.upsert", () -> new IllegalStateException("marked, please"));
                late.accounts.save(new Account(1, "a", 2));
                assertThat(late.events.marks).containsExactly("FAILED");
                assertThat(late.accounts.find(1)).contains(new Account(1, "a", 2));
            }
        }
    }

    @Test
    @Guarantee("G5")
    void theAnswerHoldsStagePercentageAndMarksOfOneInstant() throws Exception {
        try (Bank bank = Bank.open(database)) {
            bank.to(Stage.RAMP).percent(40);
            bank.changeover.drain().pause();
            int number = bank.changeover.stages().of(Bank.NAME).number();
            PostgresControl control = new PostgresControl(bank.pool);
            assertThat(control.ask(null, number, "1")).isEqualTo(new Answer(Stage.RAMP, 40, null));
            database.execute("SELECT changeover.mark(" + number + ", ARRAY['1'], 'LEGACY', 'TEST')");
            assertThat(control.ask(null, number, "1").right()).isEqualTo(Side.LEGACY);
            assertThat(control.ask(null, number, "2").right()).isNull();
            assertThat(control.ask(null, number, null).right()).isEqualTo(Side.LEGACY);
        }
    }
}
