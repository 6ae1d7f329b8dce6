package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.EntityStore;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Settings;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A change of stage is one durable, fenced, audited step, or nothing. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class MoveTest {

    private final PostgresDatabase database;
    private final Probe probe = new Probe();

    MoveTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void clear() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE; TRUNCATE old.account, fresh.account");
    }

    private static void refused(String code, String part, Runnable move) {
        assertThatThrownBy(move::run)
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(part);
    }

    /** Each row: what is done to the control schema first, the move, the code and a part of the message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "stage = 'LEGACY_ONLY'; RAMP; CO010; one stage forward or back",
                "stage = 'RAMP'; RAMP; CO010; one stage forward or back",
                "stage = 'SHADOW'; NEW_ONLY; CO010; one stage forward or back",
                "stage = 'SHADOW'; RAMP; CO011; new does not hold every key yet",
                "stage = 'SHADOW', backfilled = true, stale = 'NEW'; RAMP; CO011; new does not hold every key yet",
                "stage = 'RAMP', backfilled = true; NEW_PRIMARY; CO012; new serves 0 %",
                "stage = 'RAMP', backfilled = true, legacy_only = '{add}'; NEW_PRIMARY at 100; CO013; new does not have add",
                "stage = 'RAMP', backfilled = true, stale = 'NEW'; NEW_PRIMARY at 100; CO011; NEW is stale",
                "stage = 'NEW_PRIMARY', stale = 'LEGACY'; RAMP; CO011; LEGACY is stale",
                "stage = 'RAMP', backfilled = true; NEW_PRIMARY at 100 marked; CO014; 1 marks are open",
                "stage = 'NEW_PRIMARY'; RAMP marked; CO014; 1 marks are open",
                "stage = 'DUAL_WRITE'; LEGACY_ONLY lagging; CO015; instances have not seen epoch",
                "stage = 'NEW_PRIMARY'; NEW_ONLY lagging; CO015; instances have not seen epoch"
            })
    @Guarantee("G4")
    @Guarantee("G8")
    void whatWouldLoseDataIsRefusedAndNothingChanges(String before, String move, String code, String message) {
        try (Bank bank = Bank.open(database)) {
            bank.close();
            database.execute("DELETE FROM changeover.instance; UPDATE changeover.repository SET " + before);
            if (move.contains("at 100")) {
                database.execute("UPDATE changeover.percentage SET percent = 100, revision = revision + 1");
            }
            if (move.contains("marked")) {
                database.execute(
                        "SELECT changeover.mark(number, ARRAY['1'], 'LEGACY', 'TEST') FROM changeover.repository");
            }
            if (move.contains("lagging")) {
                database.execute("SELECT changeover.heartbeat('away', 'app', 60000, array_agg(number), '{0}', '{0}')"
                        + " FROM changeover.repository");
            }
            String now = database.queryString("SELECT r::text FROM changeover.repository r");
            String target = move.split(" ")[0];
            assertThatThrownBy(
                            () -> database.execute("SELECT changeover.move('accounts', '" + target + "', 'because')"))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(code))
                    .hasMessageContaining(message);
            assertThat(database.queryString("SELECT r::text FROM changeover.repository r"))
                    .isEqualTo(now);
            assertThat(database.queryLong("SELECT count(*) FROM changeover.history"))
                    .isZero();
        }
    }

    /** Each row: stage, percentage and policy of the parent, the same of the child, what moves, and the message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "LEGACY_ONLY 0; LEGACY_ONLY 0; child DUAL_WRITE; written on new while parent",
                "DUAL_WRITE 0; DUAL_WRITE 0; parent LEGACY_ONLY; written on new while parent",
                "SHADOW 0; SHADOW 0; child RAMP; would be read from new ahead",
                "RAMP 0; RAMP 0; parent SHADOW; would be read from new ahead",
                "RAMP 10; RAMP 10; child 25; would be read from new ahead",
                "RAMP 10; RAMP 10; parent 5; would be read from new ahead",
                "RAMP 100; RAMP 100; parent NEW_PRIMARY; led by different sides",
                "RAMP 100; RAMP 100; child NEW_PRIMARY; led by different sides",
                "NEW_PRIMARY 100; NEW_PRIMARY 100; parent RAMP; led by different sides",
                "NEW_PRIMARY 100; NEW_PRIMARY 100; parent NEW_ONLY; still writes legacy rows",
                "SHADOW 0; SHADOW 0; parent RAMP; ",
                "RAMP 25; RAMP 10; child 25; ",
                "RAMP 100; RAMP 100; both NEW_PRIMARY; ",
                "NEW_PRIMARY 100; NEW_PRIMARY 100; both RAMP; ",
                "NEW_PRIMARY 100; NEW_PRIMARY 100; child NEW_ONLY; ",
                "RAMP 100 atomic; RAMP 100; parent NEW_PRIMARY; ",
            })
    @Guarantee("G4")
    @Guarantee("G8")
    void dependenciesBindBothWays(String parent, String child, String move, String message) {
        try (Bank bank = Bank.open(database)) {
            database.execute("SELECT changeover.register('parent', '{}', "
                    + parent.endsWith("atomic")
                    + ", false, '{}', '{}'); SELECT changeover.register('child', '{parent}', false, false, '{}', '{}');"
                    + at("parent", parent)
                    + at("child", child));
            String name = move.split(" ")[0];
            String target = move.split(" ")[1];
            List<String> names = name.equals("both") ? List.of("child", "parent") : List.of(name);
            Runnable step = Character.isDigit(target.charAt(0))
                    ? () -> bank.changeover.stages().percent(names, Integer.parseInt(target), "me", "why")
                    : () -> bank.changeover.stages().moveTogether(names, Stage.valueOf(target), "me", "why");
            if (message == null) {
                step.run();
                assertThat(database.queryLong("SELECT count(*) FROM changeover.history"))
                        .isEqualTo(names.size());
            } else {
                refused("CO016", message, step);
                assertThat(database.queryLong("SELECT count(*) FROM changeover.history"))
                        .isZero();
            }
        }
    }

    private static String at(String name, String state) {
        String[] parts = state.split(" ");
        return ";UPDATE changeover.repository SET backfilled = true, stage = '" + parts[0] + "' WHERE name = '" + name
                + "'; UPDATE changeover.percentage SET percent = " + parts[1]
                + " WHERE repository = (SELECT number FROM changeover.repository WHERE name = '" + name + "')";
    }

    @Test
    @Guarantee("G4")
    void theHistoryTellsWhoAndWhyAndCannotBeChanged() {
        try (Bank bank = Bank.open(database)) {
            bank.changeover.stages().move(Bank.NAME, Stage.DUAL_WRITE, "ada", "first step");
            database.execute("SELECT changeover.move('accounts', 'SHADOW', 'from psql')");
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
            bank.changeover.stages().move(Bank.NAME, Stage.RAMP, "ada", "ready");
            bank.changeover.stages().percent(Bank.NAME, 25, "bob", "slowly");
            bank.changeover.stages().routeLists(Bank.NAME, List.of("1"), List.of("2", "3"), "bob", "friends first");
            assertThatThrownBy(() -> bank.changeover.stages().move(Bank.NAME, Stage.SHADOW, "eve", "  "))
                    .hasMessageContaining("reason");
            assertThatThrownBy(() -> database.execute("SELECT changeover.move('accounts', 'SHADOW', ' ')"))
                    .rootCause()
                    .hasMessageContaining("a move needs a reason");

            assertThat(database.queryStrings(
                            "SELECT concat_ws('|', action, before, after, epoch, actor, reason, db_user)"
                                    + " FROM changeover.history ORDER BY id"))
                    .containsExactly(
                            "MOVE|LEGACY_ONLY|DUAL_WRITE|2|ada|first step|postgres",
                            "MOVE|DUAL_WRITE|SHADOW|3|postgres|from psql|postgres",
                            "SETTLE|BACKFILLED|3|changeover|backfill of 0 rows finished|postgres",
                            "MOVE|SHADOW|RAMP|4|ada|ready|postgres",
                            "PERCENT|0|25|4|bob|slowly|postgres",
                            "ROUTE_LISTS|1 allowed, 2 denied|bob|friends first|postgres");
        }
        for (String change : new String[] {
            "UPDATE changeover.history SET actor = 'nobody'",
            "DELETE FROM changeover.history",
            "TRUNCATE changeover.history",
            "SET session_replication_role = replica; DELETE FROM changeover.history"
        }) {
            assertThatThrownBy(() -> database.execute(change)).rootCause().hasMessageContaining("append-only");
        }
    }

    @Test
    @Guarantee("G4")
    void aPercentageBelongsToRamp() {
        try (Bank bank = Bank.open(database)) {
            bank.to(Stage.SHADOW);
            refused("CO010", "a percentage belongs to RAMP", () -> bank.percent(10));
            refused(
                    "CO001",
                    "of these repositories are registered",
                    () -> bank.changeover.stages().percent("nobody", 10, "me", "why"));
            refused(
                    "CO001",
                    "not all of these repositories are registered",
                    () -> bank.changeover.stages().move("nobody", Stage.SHADOW, "me", "why"));
            assertThatThrownBy(() -> bank.to(Stage.RAMP).percent(101)).hasMessageContaining("percent");
        }
    }

    @Test
    @Guarantee("G4")
    void aMoveFromAnEpochThatHasPassedIsRefused() {
        try (Bank bank = Bank.open(database)) {
            RepositoryState seen = bank.changeover.stages().of(Bank.NAME);
            bank.changeover.stages().moveFrom(seen.epoch(), Bank.NAME, Stage.DUAL_WRITE, "a", "why");
            refused(
                    "CO019",
                    "expected epoch",
                    () -> bank.changeover.stages().moveFrom(seen.epoch(), Bank.NAME, Stage.SHADOW, "b", "why"));
            assertThat(bank.changeover.stages().of(Bank.NAME).stage()).isEqualTo(Stage.DUAL_WRITE);
        }
    }

    @Test
    @Guarantee("G4")
    @FailureRow(value = FailureRow.FLIP, stages = Stage.LEGACY_ONLY)
    void ofManyMoversFromOneEpochOneWins() throws Exception {
        try (Bank bank = Bank.open(database)) {
            long epoch = bank.changeover.stages().of(Bank.NAME).epoch();
            ExecutorService movers = Executors.newFixedThreadPool(4);
            List<Future<String>> outcomes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Callable<String> move = () -> {
                    try {
                        bank.changeover.stages().moveFrom(epoch, Bank.NAME, Stage.DUAL_WRITE, "racer", "why");
                        return "moved";
                    } catch (MoveRefusedException e) {
                        return e.code();
                    }
                };
                outcomes.add(movers.submit(move));
            }
            List<String> results = new ArrayList<>();
            for (Future<String> outcome : outcomes) {
                results.add(outcome.get(30, TimeUnit.SECONDS));
            }
            movers.shutdown();
            assertThat(results).containsOnlyOnce("moved");
            assertThat(bank.changeover.stages().of(Bank.NAME).epoch()).isEqualTo(epoch + 1);
            assertThat(database.queryLong("SELECT count(*) FROM changeover.history"))
                    .isOne();
        }
    }

    /** A unit that has written stays under its stage until its end: the move waits, and gives up with its pid. */
    @Test
    @Guarantee("G4")
    @FailureRow(
            value = FailureRow.FLIP,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void noUnitCommitsUnderAStageThatWasLeft() {
        try (Bank bank = Bank.open(database)) {
            bank.to(Stage.RAMP).percent(100);
            bank.inTransaction(() -> {
                bank.accounts.save(new Account(1, "a", 1));
                assertThatThrownBy(
                                () -> database.execute(
                                        "SELECT * FROM changeover.move(ARRAY['accounts'], 'NEW_PRIMARY', 'x', 'me', NULL, 20, 3)"))
                        .rootCause()
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("CO018"))
                        .hasMessageContaining("pid ");
                return true;
            });
            bank.to(Stage.NEW_PRIMARY);
            bank.inTransaction(() -> {
                assertThat(bank.accounts.find(1)).isPresent(); // a unit that only reads may go on to write
                assertThatThrownBy(() -> database.execute(
                                "SELECT * FROM changeover.move(ARRAY['accounts'], 'RAMP', 'x', 'me', NULL, 20, 3)"))
                        .hasRootCauseInstanceOf(SQLException.class);
                bank.accounts.add(1, 1);
                return true;
            });
            assertThat(WalkTest.differences(database)).isZero();
        }
    }

    /** The move holds the fence while it converges the last keys, so it may not wait for strangers there. */
    @Test
    @Guarantee("G4")
    @Guarantee("G3")
    void aStrangersLockOnTheFollowerDoesNotStallWritersThroughAMove() throws Exception {
        try (Bank bank = Bank.open(
                        database, Bank.Parts.DEFAULTS.withNextStore(Watched.as(EntityStore.class, "new", probe)));
                Connection stranger = database.connection();
                Statement statement = stranger.createStatement()) {
            bank.to(Stage.RAMP).percent(100);
            bank.accounts.save(new Account(1, "a", 1));
            bank.changeover.drain().pause();
            probe.throwAt("new.upsert", () -> new IllegalStateException("marked, please"));
            bank.accounts.save(new Account(1, "a", 2));
            stranger.setAutoCommit(false);
            statement.execute("SELECT * FROM fresh.account FOR UPDATE");
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                Future<?> move =
                        threads.submit(() -> bank.changeover.stages().move(Bank.NAME, Stage.NEW_PRIMARY, "me", "why"));
                Future<Long> longest = threads.submit(() -> longestWrite(bank, Duration.ofSeconds(2)));
                long millis = longest.get(10, TimeUnit.SECONDS) / 1_000_000;
                System.out.printf("flip with a stranger's lock: longest write %d ms%n", millis);
                assertThat(millis).isLessThan(1_500);
                assertThat(move.isDone()).isFalse();
                stranger.rollback();
                move.get(60, TimeUnit.SECONDS);
            } finally {
                stranger.rollback();
                threads.shutdown();
            }
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(WalkTest.differences(database)).isZero();
        }
    }

    private static long longestWrite(Bank bank, Duration duration) {
        long longest = 0;
        long until = System.nanoTime() + duration.toNanos();
        for (long id = 10; System.nanoTime() < until; id++) {
            long start = System.nanoTime();
            bank.accounts.save(new Account(id, "n" + id, 1));
            longest = Math.max(longest, System.nanoTime() - start);
        }
        return longest;
    }

    /** Each commit leaves the stage that its unit entered under; a trigger compares it with the stage at the commit. */
    @Test
    @Guarantee("G4")
    @FailureRow(
            value = FailureRow.FLIP,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void twentyFlipsUnderLoadFailNoCallerAndLeaveNoUnitBehind() throws Exception {
        database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
        database.execute("""
                CREATE TABLE IF NOT EXISTS public.led (entered text, committed text);
                TRUNCATE public.led;
                CREATE OR REPLACE FUNCTION public.led() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    INSERT INTO public.led SELECT new.entered, r.epoch FROM changeover.repository r;
                    RETURN NULL; END $$;
                CREATE TABLE IF NOT EXISTS public.unit (entered text);
                TRUNCATE public.unit;
                DROP TRIGGER IF EXISTS led ON public.unit;
                CREATE CONSTRAINT TRIGGER led AFTER INSERT ON public.unit DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION public.led()""");
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        try (Bank bank = Bank.open(
                database, Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withLease(Duration.ofMillis(400))))) {
            bank.to(Stage.RAMP).percent(100);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                long key = i;
                writers.add(new Thread(() -> {
                    while (!over.get()) {
                        long start = System.nanoTime();
                        try {
                            unit(bank, key);
                        } catch (Throwable e) {
                            errors.add(e);
                        }
                        nanos.add(System.nanoTime() - start);
                    }
                }));
            }
            writers.forEach(Thread::start);
            for (int i = 0; i < 10; i++) {
                bank.to(Stage.NEW_PRIMARY);
                bank.to(Stage.RAMP);
            }
            over.set(true);
            for (Thread writer : writers) {
                writer.join(20_000);
            }
            bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(20));
            long[] sorted = nanos.stream().mapToLong(n -> n).sorted().toArray();
            System.out.printf(
                    "flip under load: units=%d errors=%d p50=%d ms max=%d ms marked=%d%n",
                    sorted.length,
                    errors.size(),
                    sorted[sorted.length / 2] / 1_000_000,
                    sorted[sorted.length - 1] / 1_000_000,
                    bank.events.marks.size());
            assertThat(errors).isEmpty();
            assertThat(database.queryLong("SELECT count(*) FROM public.led")).isGreaterThan(50);
            assertThat(database.queryStrings("SELECT l::text FROM public.led l WHERE entered <> committed"))
                    .isEmpty();
            assertThat(WalkTest.differences(database)).isZero();
        } finally {
            database.execute("ALTER DATABASE " + database.name() + " RESET synchronous_commit");
        }
    }

    private static void unit(Bank bank, long key) {
        bank.inTransaction(() -> {
            bank.accounts.find(key);
            bank.accounts.save(new Account(key, "u" + key, 1));
            try (Statement statement = bank.connection().createStatement()) {
                statement.execute("INSERT INTO public.unit SELECT epoch FROM changeover.repository");
            }
            bank.accounts.add(key, 1);
            return true;
        });
    }

    @Test
    @Guarantee("G8")
    void aSideThatWasLeftComesBackOnlyByAReseed() {
        try (Bank bank = Bank.open(database)) {
            bank.to(Stage.SHADOW);
            for (long id = 1; id <= 5; id++) {
                bank.accounts.save(new Account(id, "n" + id, id));
            }
            bank.to(Stage.LEGACY_ONLY);
            assertThat(bank.changeover.stages().of(Bank.NAME).stale()).isEqualTo(Side.NEW);
            bank.accounts.delete(1);
            bank.accounts.add(2, 100);
            bank.to(Stage.SHADOW);
            assertThatThrownBy(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {}))
                    .hasMessageContaining("Reseed");
            refused(
                    "CO011",
                    "new does not hold every key yet",
                    () -> bank.changeover.stages().move(Bank.NAME, Stage.RAMP, "me", "why"));
            bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
            assertThat(WalkTest.differences(database)).isZero();
            refused(
                    "CO011",
                    "new does not hold every key yet",
                    () -> bank.changeover.stages().move(Bank.NAME, Stage.RAMP, "me", "why"));
            bank.changeover.backfill(Bank.NAME).acceptUnverified("me", "verified");
            bank.changeover.stages().move(Bank.NAME, Stage.RAMP, "me", "why");
            bank.to(Stage.NEW_ONLY);
            bank.accounts.delete(3);
            bank.accounts.add(4, 100);
            bank.to(Stage.NEW_PRIMARY);
            refused(
                    "CO011",
                    "LEGACY is stale",
                    () -> bank.changeover.stages().move(Bank.NAME, Stage.RAMP, "me", "why"));
            bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
            bank.changeover.backfill(Bank.NAME).acceptUnverified("me", "verified");
            bank.to(Stage.LEGACY_ONLY);
            assertThat(WalkTest.differences(database)).isZero();
            assertThat(Arrays.asList(bank.legacy.find(1), bank.legacy.find(3))).allMatch(java.util.Optional::isEmpty);
        }
    }
}
