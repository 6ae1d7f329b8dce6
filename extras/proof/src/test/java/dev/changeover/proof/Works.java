package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.proof.Labour.Order;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.testkit.ChildJvm;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where long jobs are killed: an instance that stays and drains, one whose jobs die, and writers that go on. Triggers
 * keep what every committed step of a job has said, apart from what the library sums up.
 */
final class Works implements AutoCloseable {

    static final int ROWS = 3_000;

    /** What the writers write; nothing else touches these keys. */
    private static final String WRITTEN = "id % 70 = 1";

    private static final Settings SETTINGS = Settings.DEFAULTS
            .withWorkers(2)
            .withNiceRatio(0)
            .withChunk(Labour.PART)
            .withLease(Duration.ofMillis(600));

    private static final String SEEN = """
            CREATE SCHEMA seen;
            CREATE TABLE seen.chunk (job text, after_key bigint, last_key bigint, rows bigint);
            CREATE TABLE seen.repaired (key text);
            CREATE TABLE seen.verdict (verification bigint, verdict text, walked boolean, legacy bigint, next bigint);
            CREATE FUNCTION seen.step() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_TABLE_NAME = 'key_range' THEN
                    INSERT INTO seen.chunk VALUES (NEW.job, coalesce(OLD.last_key, OLD.after_key, '-1')::bigint,
                        NEW.last_key::bigint, NEW.rows - OLD.rows);
                ELSIF TG_TABLE_NAME = 'mark' THEN
                    INSERT INTO seen.repaired SELECT NEW.key WHERE NEW.reason = 'REPAIR';
                ELSE
                    INSERT INTO seen.verdict SELECT NEW.id, NEW.verdict, NEW.walked, (NEW.counts ->> 'legacy')::bigint,
                        (NEW.counts ->> 'next')::bigint WHERE NEW.verdict IS NOT NULL;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER seen AFTER UPDATE OF rows ON changeover.key_range FOR EACH ROW EXECUTE FUNCTION seen.step();
            CREATE TRIGGER seen AFTER INSERT ON changeover.mark FOR EACH ROW EXECUTE FUNCTION seen.step();
            CREATE TRIGGER seen AFTER UPDATE ON changeover.verification FOR EACH ROW EXECUTE FUNCTION seen.step();
            CREATE TABLE seen.key AS SELECT id FROM old.account UNION SELECT id FROM fresh.account""";

    final PostgresDatabase database;
    final Labour labour;
    final Bank stays;
    final Bank mortal;
    private final KillAt hook = new KillAt();
    private final List<Thread> writers = new ArrayList<>();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    Works(PostgresCluster cluster, Labour labour) {
        this.labour = labour;
        this.database = PostgresDatabase.fresh()
                .in(cluster)
                .script("dev/changeover/proof/accounts.sql")
                .open();
        database.execute("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, " + ROWS + ") i");
        Bank.Parts parts = Bank.Parts.DEFAULTS.withSettings(SETTINGS);
        this.stays = Bank.open(database, parts);
        prepare();
        database.execute(SEEN);
        this.mortal = Bank.open(Messages.of(database.pool(8), hook), parts);
    }

    private void prepare() {
        switch (labour) {
            case BACKFILL -> stays.to(Stage.DUAL_WRITE);
            case RESEED -> {
                stays.to(Stage.RAMP).to(Stage.LEGACY_ONLY);
                database.execute("UPDATE old.account SET balance = -id WHERE id % 3 = 0;"
                        + " DELETE FROM old.account WHERE id % 7 = 0;"
                        + " INSERT INTO old.account SELECT i, 'late', i FROM generate_series(4001, 4100) i");
                stays.to(Stage.DUAL_WRITE);
            }
            case VERIFY, REPAIR -> {
                database.execute("INSERT INTO fresh.account SELECT id, name, balance, state FROM old.account");
                stays.to(Stage.DUAL_WRITE);
            }
        }
    }

    /** Makes keys differ, be missing and be too many on new, but none that is written; returns how many. */
    long damage(String where) {
        return database.queryLong(
                "WITH changed AS (UPDATE fresh.account SET balance = balance + 1 WHERE " + where
                        + " AND id % 3 = 0 AND NOT " + WRITTEN + " RETURNING 1),"
                        + " gone AS (DELETE FROM fresh.account WHERE " + where + " AND id % 30 = 2 AND NOT " + WRITTEN
                        + " RETURNING 1),"
                        + " extra AS (INSERT INTO fresh.account SELECT id + 100000, 'extra', 1, 'open' FROM old.account WHERE "
                        + where + " AND id % 50 = 4 RETURNING 1)"
                        + " SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM gone) + (SELECT count(*) FROM extra)");
    }

    /** Lets traffic go on from now on, through the instance that stays. */
    void write(Random random) {
        long[] keys = database.queryStrings("SELECT id FROM old.account WHERE " + WRITTEN).stream()
                .mapToLong(Long::parseLong)
                .toArray();
        Random own = new Random(random.nextLong());
        Thread writer = new Thread(() -> {
            while (!over) {
                try {
                    stays.accounts.save(new Account(keys[own.nextInt(keys.length)], "w", own.nextInt(1_000)));
                } catch (Throwable e) {
                    errors.add(e);
                }
                LockSupport.parkNanos(2_000_000);
            }
        });
        writers.add(writer);
        writer.start();
    }

    /** Lets the drains of both instances of this process go on, or not. */
    void drain(boolean goesOn) {
        for (Bank bank : List.of(stays, mortal)) {
            if (goesOn) {
                bank.changeover.drain().resume();
            } else {
                bank.changeover.drain().pause();
            }
        }
    }

    Order order() {
        return order(0);
    }

    Order order(long verification) {
        return new Order(labour, verification, VerificationMode.JOIN, 0);
    }

    /** Starts another instance; it waits for its order. */
    ChildJvm instance() {
        return ChildJvm.start(
                Labourer.class,
                database.jdbcUrl(),
                Long.toString(SETTINGS.lease().toMillis()));
    }

    /** Lets another instance work until that message, and kills it there; returns what it was about to say, or null. */
    static @Nullable String killed(ChildJvm instance, Order order, long message) {
        instance.await(0, "READY"::equals);
        instance.say(order.line());
        instance.say(Long.toString(message));
        String said = instance.await(0, line -> line.startsWith("AT ") || line.startsWith("END "));
        instance.kill();
        return said.startsWith("AT ") ? said.substring(3) : null;
    }

    /**
     * Works on a thread of this process, which dies or is hurt before the messages that are drawn, so many at most; returns
     * which messages these were.
     */
    List<String> killed(Order order, int most, LongSupplier next, KillAt.Kill kill) {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        arm(order, most, next, kill, told);
        Thread worker = new Thread(
                () -> {
                    try {
                        order.on(mortal, mortal.pool);
                    } catch (RuntimeException died) {
                        // as it is meant to
                    }
                },
                Labour.THREAD);
        worker.start();
        long limit = System.nanoTime() + 60_000_000_000L;
        while (worker.isAlive() || !database.cluster().isRunning()) {
            if (!database.cluster().isRunning()) {
                database.cluster().restart();
            }
            join(worker, 20);
            assertThat(System.nanoTime()).as("a job hangs").isLessThan(limit);
        }
        hook.disarm();
        return List.copyOf(told);
    }

    private void arm(Order order, int most, LongSupplier next, KillAt.Kill kill, Queue<String> told) {
        long message = next.getAsLong();
        hook.arm(order, message, (backend, sql) -> {
            told.add("message " + message + ": " + KillAt.shown(sql));
            kill.now(backend, sql);
            if (told.size() < most) {
                arm(order, most, next, kill, told);
            }
        });
    }

    /** Does it, or what is left of it, undisturbed. */
    boolean complete(Order order) {
        return order.on(mortal, mortal.pool);
    }

    private static void join(Thread thread, long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean finished() {
        return database.queryStrings("SELECT finished FROM changeover.copies WHERE job = '" + labour + "'")
                .equals(List.of("t"));
    }

    /** The verification that was begun last, or 0. */
    long verification() {
        return database.queryLong("SELECT coalesce(max(id), 0) FROM changeover.verification");
    }

    String verificationRow(String what) {
        return Objects.requireNonNull(database.queryString("SELECT coalesce((" + what
                + ")::text, '-') FROM changeover.verification WHERE id = " + verification()));
    }

    /** Ends the traffic; returns what callers got instead of an answer. */
    Queue<Throwable> rest() {
        over = true;
        for (Thread writer : writers) {
            join(writer, 20_000);
        }
        return errors;
    }

    /** Both sides have the same rows when the marks are drained. */
    void equalAtTheEnd() {
        rest();
        assertThat(stays.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(20)))
                .as("the marks are drained")
                .isTrue();
        assertThat(WalkTest.differences(database)).as("differences").isZero();
    }

    /** The committed chunks have each key in one of them, and what is told is what they come to. */
    void everyKeyOnce() {
        String in = " k.id > c.after_key AND k.id <= c.last_key AND c.job = '" + labour + "'";
        assertThat(database.queryStrings("SELECT k.id FROM seen.key k"
                        + " WHERE (SELECT count(*) FROM seen.chunk c WHERE" + in + ") <> 1"))
                .as("keys that were not handled once")
                .isEmpty();
        assertThat(database.queryStrings("SELECT c::text FROM seen.chunk c WHERE c.job = '" + labour + "'"
                        + " AND c.rows <> (SELECT count(*) FROM seen.key k WHERE" + in + ")"))
                .as("chunks that counted something else than their keys")
                .isEmpty();
        assertThat(database.queryString("SELECT concat_ws(' ', c.rows, c.finished, c.ranges,"
                        + " c.rows - (SELECT count(*) FROM seen.key)) FROM changeover.copies c WHERE c.job = '" + labour
                        + "'"))
                .as("rows, finished, ranges, rows too many")
                .isEqualTo(database.queryLong("SELECT count(*) FROM seen.key") + " t 0 0");
    }

    @Override
    public void close() {
        rest();
        mortal.close();
        stays.close();
        database.close();
    }
}
