package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.BackfillProgress;
import dev.changeover.proof.Labour.Order;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.testkit.ChildJvm;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Backfills, reseeds, verifications and repairs that are killed before messages which a seed draws: a whole instance by
 * SIGKILL, the server, one of its backends, or a thread that is interrupted. Traffic goes on. Whoever does the job again
 * goes on where it ended: at last both sides are equal, every key was handled once, and what is told is exact.
 */
@Tag("direct") // the server is killed, and a backend is the one that a thread speaks with
class KilledJobsTest {

    private static final long SEED = Long.getLong("kill.seed", 20261123L);
    private static final int KILLS = 3;
    private static final PostgresCluster CLUSTER = PostgresCluster.builder().start();

    @AfterAll
    static void close() {
        CLUSTER.close();
    }

    /** What dies in this process or beneath it. */
    enum Victim {
        SERVER,
        BACKEND,
        THREAD;

        void die(Works works, int backend) {
            switch (this) {
                case SERVER -> works.database.cluster().crash();
                case BACKEND -> works.database.execute("SELECT pg_terminate_backend(" + backend + ", 5000)");
                case THREAD -> Thread.currentThread().interrupt();
            }
        }
    }

    /** A message that a job is sure to come to, or nearly; a repair first reads for some thirty of them. */
    private static long message(Labour labour, Random random) {
        return switch (labour) {
            case BACKFILL, RESEED -> 1 + random.nextInt(250);
            case VERIFY -> 1 + random.nextInt(450);
            case REPAIR -> 28 + random.nextInt(18);
        };
    }

    private static Random random(Labour labour, String victim) {
        long seed = SEED + 31L * labour.ordinal() + victim.hashCode();
        System.out.printf("killed jobs: %s of %s, -Dkill.seed=%d%n", labour, victim, SEED);
        return new Random(seed);
    }

    private static boolean tell(String victim, Order order, long message, String at) {
        System.out.printf(
                "killed jobs: %s of %s at message %d%s%n",
                victim, order.line(), message, at == null ? ", ended before" : ": " + at);
        return at != null;
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKFILL", "RESEED"})
    @Guarantee("G2")
    @Guarantee("G9")
    void instancesThatShareACopyAreKilledAndOneGoesOn(Labour labour) {
        Random random = random(labour, "INSTANCE");
        List<ChildJvm> instances = new ArrayList<>();
        try (Works works = new Works(CLUSTER, labour)) {
            for (int i = 0; i < KILLS; i++) {
                instances.add(works.instance());
            }
            works.write(random);
            works.stays.changeover.backfill(Bank.NAME).limit(1_000, "ann", "long enough to be killed");
            instances.forEach(instance -> instance.await(0, "READY"::equals));
            CompletableFuture<BackfillProgress> goesOn = CompletableFuture.supplyAsync(() -> labour == Labour.BACKFILL
                    ? works.stays.changeover.backfill(Bank.NAME).run(told -> {})
                    : works.stays.changeover.backfill(Bank.NAME).reseed(told -> {}));
            int kills = 0;
            for (ChildJvm instance : instances) {
                long message = 1 + random.nextInt(120);
                kills += tell("INSTANCE", works.order(), message, Works.killed(instance, works.order(), message))
                        ? 1
                        : 0;
            }
            assertThat(goesOn.isDone()).as("they were killed while it went on").isFalse();
            works.stays.changeover.backfill(Bank.NAME).limit(Double.MAX_VALUE, "ann", "over");
            assertThat(goesOn.join().finished()).isTrue();
            assertThat(kills).isEqualTo(KILLS);
            assertThat(works.rest()).isEmpty();
            works.everyKeyOnce();
            works.equalAtTheEnd();
        } finally {
            instances.forEach(ChildJvm::close);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BACKFILL, SERVER",
        "RESEED, SERVER",
        "BACKFILL, BACKEND",
        "RESEED, BACKEND",
        "BACKFILL, THREAD",
        "RESEED, THREAD"
    })
    @Guarantee("G2")
    @Guarantee("G9")
    void aCopyThatIsKilledIsTakenUpAgain(Labour labour, Victim victim) {
        Random random = random(labour, victim.name());
        try (Works works = new Works(CLUSTER, labour)) {
            works.write(random);
            int kills = 0;
            for (int i = 0; i < KILLS && !works.finished(); i++) {
                kills += killed(works, works.order(), victim, random);
            }
            assertThat(kills).isGreaterThan(1);
            if (labour == Labour.BACKFILL || !works.finished()) {
                assertThat(works.complete(works.order())).isTrue();
            }
            works.everyKeyOnce();
            works.equalAtTheEnd();
            assertThat(victim == Victim.SERVER ? List.of() : works.rest())
                    .as("callers")
                    .isEmpty();
        }
    }

    /** Kills once, or as often as the job goes on by itself; returns how often. */
    private static int killed(Works works, Order order, Victim victim, Random random) {
        List<String> told = works.killed(
                order, KILLS, () -> message(works.labour, random), (backend, sql) -> victim.die(works, backend));
        told.forEach(at -> System.out.printf("killed jobs: %s of %s at %s%n", victim, order.line(), at));
        return told.size();
    }

    @Test
    @Guarantee("G6")
    void aVerificationOfInstancesThatAreKilledIsNoMatchUntilAnotherHasWalkedItsRest() {
        Random random = random(Labour.VERIFY, "INSTANCE");
        VerificationMode mode = VerificationMode.values()[1 + random.nextInt(3)];
        try (Works works = new Works(CLUSTER, Labour.VERIFY);
                ChildJvm first = works.instance();
                ChildJvm second = works.instance()) {
            works.write(random);
            for (ChildJvm instance : List.of(first, second)) {
                Order order = new Order(Labour.VERIFY, works.verification(), mode, 500);
                long message = 230 + random.nextInt(40); // more than a second, in which it says how far it is
                assertThat(tell("INSTANCE", order, message, Works.killed(instance, order, message)))
                        .isTrue();
                assertThat(works.verificationRow("concat_ws(' ', verdict, walked, keys > 0)"))
                        .isEqualTo("f t");
            }
            System.out.println("killed jobs: verified so far " + works.verificationRow("keys"));
            assertThat(works.complete(works.order(works.verification()))).isTrue();
            assertThat(works.verificationRow("concat_ws(' ', verdict, walked, attempt)"))
                    .isEqualTo("MATCH t 3");
            exact(works);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Guarantee("G6")
    void aVerificationThatIsKilledIsNoMatchUntilItHasWalkedItsRest(Victim victim) {
        Random random = random(Labour.VERIFY, victim.name());
        try (Works works = new Works(CLUSTER, Labour.VERIFY)) {
            works.write(random);
            verified(works, victim, random, 2);
            assertThat(works.verificationRow("verdict")).isEqualTo("MATCH");
            works.rest();
            exact(works);

            long differing = works.damage("id > 2500");
            verified(works, victim, random, 1);
            assertThat(works.verificationRow("concat_ws(' ', verdict, walked)")).isEqualTo("DIVERGED t");
            assertThat(works.database.queryStrings("SELECT key FROM changeover.verification_key WHERE verification = "
                            + works.verification() + " ORDER BY key"))
                    .as("every key that differs, and no other")
                    .hasSize((int) differing)
                    .isEqualTo(works.database.queryStrings("SELECT coalesce(o.id, n.id)::text FROM old.account o"
                            + " FULL JOIN fresh.account n USING (id) WHERE (o.name, o.balance, o.state)"
                            + " IS DISTINCT FROM (n.label, n.balance, n.state) ORDER BY 1"));
        }
    }

    /** Begins a verification, is killed, goes on and is killed again, and is left alone at last. */
    private static void verified(Works works, Victim victim, Random random, int runs) {
        long before = works.verification();
        int kills = 0;
        for (int i = 0; i < runs; i++) {
            long id = works.verification() > before ? works.verification() : 0;
            kills += killed(works, works.order(id), victim, random);
            if (works.verification() > before) {
                assertThat(works.verificationRow("verdict")).isIn("-", "ERROR", "INCOMPLETE", "DIVERGED");
            }
        }
        assertThat(kills).isGreaterThanOrEqualTo(runs);
        assertThat(works.complete(works.order(works.verification() > before ? works.verification() : 0)))
                .isTrue();
    }

    private static void exact(Works works) {
        works.equalAtTheEnd();
        String rows = works.database.queryString("SELECT count(*) FROM old.account") + " "
                + works.database.queryString("SELECT count(*) FROM fresh.account");
        assertThat(
                        works.database.queryStrings(
                                "SELECT concat_ws(' ', verdict, walked, legacy, next) FROM seen.verdict WHERE verdict = 'MATCH'"))
                .as("a match is said once, of every row")
                .containsExactly("MATCH t " + rows);
    }

    @Test
    @Guarantee("G2")
    void aRepairOfInstancesThatAreKilledIsRunAgainAndTellsEachKeyOnce() {
        Random random = random(Labour.REPAIR, "INSTANCE");
        List<ChildJvm> instances = new ArrayList<>();
        try (Works works = new Works(CLUSTER, Labour.REPAIR)) {
            for (int i = 0; i < KILLS; i++) {
                instances.add(works.instance());
            }
            works.write(random);
            long differing = works.damage("true");
            Order order = found(works);
            for (ChildJvm instance : instances) {
                long message = message(Labour.REPAIR, random);
                tell("INSTANCE", order, message, Works.killed(instance, order, message));
            }
            assertThat(works.complete(order)).isTrue();
            repaired(works, differing);
            assertThat(works.rest()).isEmpty();
        } finally {
            instances.forEach(ChildJvm::close);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Guarantee("G2")
    void aRepairThatIsKilledIsRunAgainAndTellsEachKeyOnce(Victim victim) {
        Random random = random(Labour.REPAIR, victim.name());
        try (Works works = new Works(CLUSTER, Labour.REPAIR)) {
            works.write(random);
            long differing = works.damage("true");
            Order order = found(works);
            int kills = 0;
            for (int i = 0; i < KILLS; i++) {
                kills += killed(works, order, victim, random);
            }
            assertThat(kills).isPositive();
            assertThat(works.complete(order)).isTrue();
            repaired(works, differing);
        }
    }

    @Test
    void aRepairThatIsInterruptedWaitsForNobody() {
        Random random = random(Labour.REPAIR, "INTERRUPT");
        try (Works works = new Works(CLUSTER, Labour.REPAIR)) {
            works.drain(false);
            long differing = works.damage("id < 1000");
            Order order = found(works);
            long began = System.nanoTime();
            assertThat(works.killed(order, 1, () -> 40, (backend, sql) -> Victim.THREAD.die(works, backend)))
                    .hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Labour.PATIENCE);
            works.drain(true);
            assertThat(works.complete(order)).isTrue();
            repaired(works, differing);
        }
    }

    /** Verifies, and returns the order to repair what it found. */
    private static Order found(Works works) {
        new Order(Labour.VERIFY, 0, VerificationMode.JOIN, 0).verify(works.stays.pool);
        return works.order(works.verification());
    }

    private static void repaired(Works works, long differing) {
        works.equalAtTheEnd();
        assertThat(works.database.queryString(
                        "SELECT concat_ws(' ', count(*), count(DISTINCT key)) FROM seen.repaired"))
                .as("marks, and keys that were marked")
                .isEqualTo(differing + " " + differing);
        assertThat(works.database.queryLong("SELECT sum(split_part(after, ' ', 1)::bigint) FROM changeover.history"
                        + " WHERE action = 'REPAIR' AND actor = 'ann' AND reason = 'ticket 7'"))
                .as("keys of which the history says that they were repaired")
                .isEqualTo(differing);
    }
}
