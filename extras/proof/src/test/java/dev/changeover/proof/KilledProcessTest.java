package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.testkit.ChildJvm;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process dies at each point of its work: before every message that it sends to the database, and when its last one was
 * answered. The first run tells which points there are; each further one dies at one of them. Another instance then finds
 * all or nothing of a unit, goes on at once, and brings the sides together. Of the points of jobs that take a database each
 * every third is tried and the last; {@code -Dkill.points=all} tries all of them, which takes some minutes.
 */
class KilledProcessTest {

    private static final Duration LEASE = Duration.ofMillis(600);
    private static final int STRIDE = "all".equals(System.getProperty("kill.points")) ? 1 : 3;

    /** The instance that stays, and a database that another one works on. */
    private static final class Survivor implements AutoCloseable {

        final PostgresDatabase database = PostgresDatabase.fresh()
                .script("dev/changeover/proof/accounts.sql")
                .open();
        final Bank bank = Bank.open(database, Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withLease(LEASE)));

        Survivor(Stage stage) {
            for (long key = 1; key <= 9; key++) {
                bank.accounts.save(new Account(key, "k" + key, 1));
            }
            bank.to(stage);
            if (stage == Stage.RAMP) {
                bank.percent(100);
            }
            bank.changeover.drain().pause();
        }

        ChildJvm start(String point, String... job) {
            List<String> arguments =
                    new ArrayList<>(List.of(database.jdbcUrl(), Long.toString(LEASE.toMillis()), point));
            arguments.addAll(List.of(job));
            return ChildJvm.start(Mortal.class, arguments.toArray(String[]::new));
        }

        /** Lets another process do the job until it comes to the point; returns the points that it came to. */
        List<String> other(String point, String... job) {
            try (ChildJvm mortal = start(point, job)) {
                mortal.awaitEnd();
                return mortal.lines().stream()
                        .filter(line -> line.startsWith("POINT "))
                        .map(line -> line.substring("POINT ".length()))
                        .toList();
            }
        }

        String authority(long key) {
            return database.queryString("SELECT coalesce((SELECT balance::text FROM "
                    + Field.table(bank.changeover.stages().of(Bank.NAME).stage().authority()) + " WHERE id = " + key
                    + "), '-')");
        }

        /** Both sides have the same rows now, if new has any. */
        Survivor backfilled() {
            if (bank.changeover.stages().of(Bank.NAME).stage() == Stage.DUAL_WRITE) {
                bank.changeover.backfill(Bank.NAME).run(progress -> {});
            }
            return this;
        }

        /** A change of the authority that is marked and not followed. */
        void marked(long key, long balance) {
            database.execute("UPDATE old.account SET balance = " + balance + " WHERE id = " + key + ";"
                    + " SELECT changeover.mark(number, '{" + key + "}', 'LEGACY', 'TEST') FROM changeover.repository");
        }

        /** G1 and G2: what differs is marked, and when the marks are drained, nothing differs. */
        void settles() {
            assertThat(database.queryStrings("SELECT coalesce(o.id, n.id) FROM old.account o"
                            + " FULL JOIN fresh.account n USING (id)"
                            + " WHERE (o.name, o.balance, o.state) IS DISTINCT FROM (n.label, n.balance, n.state)"
                            + " AND coalesce(o.id, n.id)::text NOT IN (SELECT key FROM changeover.mark)"))
                    .as("keys that are different and not marked")
                    .isEmpty();
            bank.changeover.drain().resume();
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10)))
                    .as("the marks are drained")
                    .isTrue();
            bank.changeover.drain().pause();
            assertThat(WalkTest.differences(database)).isZero();
        }

        @Override
        public void close() {
            bank.close();
            database.close();
        }
    }

    /** Runs a check for every point of a job, each in a database of its own. */
    private static void everywhere(Stage stage, Consumer<Survivor> before, Consumer<Survivor> check, String... job) {
        List<String> points = dies("-", stage, before, check, job);
        assertThat(points).endsWith("end 1").hasSizeGreaterThan(4);
        List<String> tried = IntStream.range(0, points.size())
                .filter(i -> i % STRIDE == 0 || i == points.size() - 1)
                .mapToObj(points::get)
                .toList();
        List<String> reached = tried.stream()
                .filter(point -> dies(point, stage, before, check, job).contains(point))
                .toList();
        assertThat(reached).hasSizeGreaterThan(tried.size() * 2 / 3);
    }

    private static List<String> dies(
            String point, Stage stage, Consumer<Survivor> before, Consumer<Survivor> check, String... job) {
        try (Survivor survivor = new Survivor(stage)) {
            before.accept(survivor);
            List<String> points = survivor.other(point, job);
            check.accept(survivor);
            return points;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("A process died in " + stage + " before " + point, e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LEGACY_ONLY", "DUAL_WRITE", "RAMP", "NEW_PRIMARY"})
    @Guarantee("G1")
    @Guarantee("G2")
    void ofAUnitAllOrNothingIsThereAndOthersGoOnAtOnce(Stage stage) {
        try (Survivor survivor = new Survivor(stage).backfilled()) {
            long balance = 100;
            List<String> points = survivor.other("-", "unit", "100");
            assertThat(points).hasSizeGreaterThan(6).endsWith("COMMIT 1", "end 1");
            for (String point : points) {
                balance += 2;
                survivor.bank.accounts.save(new Account(balance - 1, "to go", 1));
                survivor.bank.accounts.save(new Account(1, "before", 1));
                assertThat(survivor.other(point, "unit", Long.toString(balance)))
                        .endsWith(point);
                String now = survivor.authority(balance) + " " + survivor.authority(1) + " "
                        + survivor.authority(balance - 1);
                assertThat(now)
                        .as("in %s, died before %s", stage, point)
                        .isEqualTo(point.equals("end 1") ? balance + " " + balance + " -" : "- 1 1");
                survivor.bank.accounts.save(new Account(1, "at once", 2));
                if (stage != Stage.LEGACY_ONLY) {
                    survivor.settles();
                }
            }
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G2")
    void whatADrainLeftIsDrainedByTheNext() {
        everywhere(
                Stage.DUAL_WRITE,
                survivor -> {
                    survivor.backfilled();
                    survivor.marked(1, 50);
                    survivor.marked(2, 60);
                },
                Survivor::settles,
                "drain");
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G2")
    void aBackfillIsTakenUpByTheNext() {
        everywhere(Stage.DUAL_WRITE, survivor -> {}, KilledProcessTest::backfilled, "backfill");
    }

    private static void backfilled(Survivor survivor) {
        survivor.bank.changeover.backfill(Bank.NAME).run(progress -> {});
        survivor.settles();
        assertThat(survivor.database.queryLong("SELECT count(*) FROM fresh.account"))
                .isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"RAMP", "NEW_PRIMARY"})
    @Guarantee("G1")
    @Guarantee("G2")
    @Guarantee("G4")
    void aMoveIsDoneOrNotAndTheNextOneIsFree(Stage from) {
        Stage to = from == Stage.RAMP ? Stage.NEW_PRIMARY : Stage.RAMP;
        everywhere(
                from,
                survivor -> survivor.bank.accounts.save(new Account(1, "before", 7)),
                survivor -> {
                    assertThat(survivor.authority(1)).isEqualTo("7");
                    survivor.bank.accounts.save(new Account(2, "at once", 8));
                    if (survivor.bank.changeover.stages().of(Bank.NAME).stage() == from) {
                        survivor.bank.changeover.stages().move(Bank.NAME, to, "test", "again");
                    }
                    survivor.bank.accounts.save(new Account(3, "after", 9));
                    survivor.settles();
                    assertThat(survivor.authority(2)).isEqualTo("8");
                    assertThat(survivor.authority(3)).isEqualTo("9");
                },
                "move",
                to.name());
    }

    /** The server ends a transaction of the library's own that says nothing for ten seconds. */
    @Test
    @Guarantee("G3")
    @Guarantee("G4")
    void aMoverThatStandsStillWithTheFenceClosedDoesNotKeepWritersOutForLong() {
        try (Survivor survivor = new Survivor(Stage.RAMP);
                ChildJvm mover = survivor.start("stop at COMMIT 1", "move", Stage.NEW_PRIMARY.name())) {
            mover.await(0, "POINT COMMIT 1"::equals);
            long start = System.nanoTime();
            survivor.bank.accounts.save(new Account(1, "waited", 5));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            assertThat(survivor.bank.changeover.stages().of(Bank.NAME).stage()).isEqualTo(Stage.RAMP);
            survivor.settles();
            survivor.bank.changeover.stages().move(Bank.NAME, Stage.NEW_PRIMARY, "test", "again");
            assertThat(survivor.authority(1)).isEqualTo("5");
        }
    }

    @Test
    @Guarantee("G1")
    void sentinelsAreAllThereOrNoneAndCanBeInstalledAgain() {
        everywhere(
                Stage.DUAL_WRITE,
                Survivor::backfilled,
                survivor -> {
                    assertThat(
                                    survivor.database.queryLong(
                                            "SELECT count(DISTINCT c) FROM (SELECT count(*) FILTER"
                                                    + " (WHERE g.tgname ~ 'changeover') c FROM (VALUES ('old.account'::regclass),"
                                                    + " ('fresh.account')) t(r) LEFT JOIN pg_trigger g ON g.tgrelid = t.r GROUP BY t.r) x"))
                            .as("both sides have the same sentinels")
                            .isOne();
                    survivor.bank.changeover.sentinels().install(Bank.NAME, Strangers.REFUSE, "test", "again");
                    survivor.database.execute("UPDATE old.account SET balance = 70 WHERE id = 1");
                    survivor.settles();
                    assertThat(survivor.database.queryLong("SELECT balance FROM fresh.account WHERE id = 1"))
                            .isEqualTo(70);
                },
                "install");
    }
}
