package dev.changeover.proof;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Settings;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StageChangedException;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/**
 * Writers, readers, drain, backfill and moves all at once. Every writer owns a stripe of keys, so that it knows what
 * its keys must be: what it read back wrongly, what is lost and what the two sides have differently is counted.
 */
final class Storm {

    /** The thread that moves. */
    static final String MOVER = "mover";

    private static final int WRITERS = 8;

    private final PostgresDatabase database;
    private final long seed;
    private final int keys;
    private final Duration duration;
    private final Map<Long, Optional<Account>> journal = new ConcurrentHashMap<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong serialization = new AtomicLong();
    private final AtomicLong stageChanged = new AtomicLong();
    private final AtomicLong moves = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Queue<String> wrongReads = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** What a storm left behind. */
    record Result(
            long acknowledged,
            long lost,
            long divergent,
            List<String> wrongReads,
            List<Throwable> errors,
            long serialization,
            long stageChanged,
            long moves,
            long refused,
            long marked) {

        boolean differs() {
            return lost > 0 || divergent > 0 || !wrongReads.isEmpty();
        }
    }

    Storm(PostgresDatabase database, long seed, int keys, Duration duration) {
        this.database = database;
        this.seed = seed;
        this.keys = keys;
        this.duration = duration;
    }

    /** Opens an instance, whose followers fail now and then. */
    Bank open() {
        return open(UnaryOperator.identity());
    }

    /** Opens an instance whose control is another one. */
    Bank open(UnaryOperator<Control> control) {
        return open(database.pool(24), control);
    }

    /** Opens an instance on this pool. */
    Bank open(DataSource pool, UnaryOperator<Control> control) {
        Random failing = new Random(seed);
        return Bank.open(
                pool,
                Bank.Parts.DEFAULTS
                        .withControl(control)
                        .withSettings(Settings.DEFAULTS.withLease(Duration.ofMillis(400)))
                        .withLegacyStore(
                                Watched.as(EntityStore.class, "legacy", point -> failSometimes(failing, point)))
                        .withNextStore(Watched.as(EntityStore.class, "new", point -> failSometimes(failing, point))));
    }

    private static void failSometimes(Random random, String point) {
        if (point.endsWith(".upsert") && random.nextInt(40) == 0) {
            throw new IllegalStateException("a follower that fails now and then");
        }
    }

    /** Lets the writers of these instances, and moves forward and back, go on for the whole time. */
    Result run(Bank... banks) {
        Random random = new Random(seed);
        return run(List.of(banks), () -> {
            while (!over) {
                move(banks[random.nextInt(banks.length)], random);
            }
        });
    }

    /** The same until these moves have been done. */
    Result run(List<Bank> banks, Runnable moves) {
        List<Thread> threads = new ArrayList<>();
        for (Bank bank : banks) {
            bank.changeover.backfill(Bank.NAME).permitRemovals();
            int reader = 100 + threads.size();
            threads.add(thread("locking reader", () -> lockAndRead(bank, new Random(seed * 31 + reader))));
        }
        for (int i = 0; i < WRITERS; i++) {
            int stripe = i;
            Bank bank = banks.get(stripe % banks.size());
            threads.add(thread("writer " + i, () -> write(bank, stripe, new Random(seed * 31 + stripe))));
        }
        Thread mover = thread(MOVER, moves);
        threads.add(mover);
        threads.forEach(Thread::start);
        long until = System.nanoTime() + duration.toNanos();
        join(mover, until);
        over = true;
        threads.forEach(thread -> join(thread, System.nanoTime() + 60_000_000_000L));
        return settle(banks);
    }

    /** Waits until the writers have gone on. */
    void awaitProgress() {
        long wanted = acknowledged.get() + 10 * WRITERS;
        Awaitility.await("the writers go on")
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> acknowledged.get() >= wanted);
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable failure) {
                        errors.add(failure);
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    private void join(Thread thread, long until) {
        try {
            thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            if (over && thread.isAlive()) {
                errors.add(new AssertionError(thread.getName() + " hangs"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- writers

    private void write(Bank bank, int stripe, Random random) {
        long version = 1;
        while (!over) {
            Map<Long, Optional<Account>> unit = new HashMap<>();
            version += 10;
            try {
                unitOfWork(bank, stripe, random, version, unit);
                journal.putAll(unit);
                acknowledged.addAndGet(unit.size());
            } catch (Deliberate e) {
                // rolled back, as meant
            } catch (StageChangedException e) {
                stageChanged.incrementAndGet();
            } catch (Throwable e) {
                if (isSerialization(e)) {
                    serialization.incrementAndGet();
                } else {
                    errors.add(e);
                }
            }
            readBack(bank, key(stripe, random));
        }
    }

    private void unitOfWork(Bank bank, int stripe, Random random, long version, Map<Long, Optional<Account>> unit) {
        int kind = random.nextInt(10);
        if (kind < 3) {
            change(bank, key(stripe, random), random, version, unit);
            return;
        }
        Integer isolation = kind < 8
                ? null
                : kind == 8 ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_SERIALIZABLE;
        TransactionSettings settings = new TransactionSettings(
                TransactionSettings.Propagation.REQUIRED, isolation, null, false, failure -> true);
        bank.inTransaction(settings, () -> {
            int operations = 1 + random.nextInt(4);
            for (int i = 0; i < operations; i++) {
                long key = key(stripe, random);
                check(key, bank.accounts.find(key), unit.getOrDefault(key, expected(key)), "in a unit");
                if (random.nextInt(5) == 0) {
                    undone(bank, key, random, version + i);
                } else {
                    change(bank, key, random, version + i, unit);
                }
            }
            if (random.nextInt(20) == 0) {
                throw new Deliberate();
            }
            return true;
        });
    }

    private void undone(Bank bank, long key, Random random, long version) throws SQLException {
        Connection connection = bank.connection();
        Savepoint savepoint = connection.setSavepoint();
        change(bank, key, random, version + 5, new HashMap<>());
        connection.rollback(savepoint);
    }

    private void change(Bank bank, long key, Random random, long version, Map<Long, Optional<Account>> unit) {
        Optional<Account> before = unit.getOrDefault(key, expected(key));
        switch (random.nextInt(4)) {
            case 0 -> {
                bank.accounts.delete(key);
                unit.put(key, Optional.empty());
            }
            case 1 -> {
                bank.accounts.add(key, version);
                unit.put(key, before.map(account -> account.withBalance(account.balance() + version)));
            }
            default -> {
                Account account = new Account(key, "n" + version, version);
                bank.accounts.save(account);
                unit.put(key, Optional.of(account));
            }
        }
    }

    private void readBack(Bank bank, long key) {
        try {
            check(key, bank.accounts.find(key), expected(key), "outside");
        } catch (RuntimeException e) {
            errors.add(e);
        }
    }

    private void check(long key, Optional<Account> found, Optional<Account> expected, String where) {
        if (!found.equals(expected)) {
            wrongReads.add(where + " " + key + ": " + found + " instead of " + expected);
        }
    }

    private Optional<Account> expected(long key) {
        return journal.getOrDefault(key, Optional.empty());
    }

    private long key(int stripe, Random random) {
        return (long) random.nextInt(keys / WRITERS) * WRITERS + stripe + 1;
    }

    private void lockAndRead(Bank bank, Random random) {
        while (!over) {
            try {
                bank.inTransaction(() -> bank.accounts.lock(random.nextInt(keys) + 1));
            } catch (RuntimeException e) {
                errors.add(e);
            }
        }
    }

    private static boolean isSerialization(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && "40001".equals(e.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    // ---- moves

    private void move(Bank bank, Random random) {
        RepositoryState state = bank.changeover.stages().of(Bank.NAME);
        int step = random.nextInt(10) < 6 ? 1 : -1;
        int target = Math.min(5, Math.max(0, state.stage().ordinal() + step));
        if (target != state.stage().ordinal()) {
            tryMove(bank, state, Stage.values()[target]);
        }
    }

    private void tryMove(Bank bank, RepositoryState state, Stage target) {
        try {
            prepare(bank, state, target);
            bank.changeover.stages().move(Bank.NAME, target, "storm", "seed " + seed);
            moves.incrementAndGet();
        } catch (MoveRefusedException e) {
            refused.incrementAndGet();
        } catch (ChangeoverException e) {
            if (!over) {
                errors.add(e);
            }
        }
    }

    private static void prepare(Bank bank, RepositoryState state, Stage target) {
        if (state.stage().follower() != null && state.stage().follower() == state.stale()) {
            bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
            bank.changeover.backfill(Bank.NAME).acceptUnverified("storm", "reseeded");
        } else if (state.stage() == Stage.SHADOW && target == Stage.RAMP && !state.backfilled()) {
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
        }
        if (state.stage() == Stage.RAMP) {
            bank.percent(100);
        }
    }

    // ---- the end

    private Result settle(List<Bank> banks) {
        Bank bank = banks.get(0);
        RepositoryState state = bank.changeover.stages().of(Bank.NAME);
        if (state.stage().follower() == null) {
            bank.changeover
                    .stages()
                    .move(
                            Bank.NAME,
                            state.stage() == Stage.LEGACY_ONLY ? Stage.DUAL_WRITE : Stage.NEW_PRIMARY,
                            "storm",
                            "settle");
            state = bank.changeover.stages().of(Bank.NAME);
        }
        Side follower = Objects.requireNonNull(state.stage().follower());
        if (state.stale() == follower) {
            bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
            bank.changeover.backfill(Bank.NAME).acceptUnverified("storm", "reseeded");
        } else if (!state.backfilled()) {
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
        }
        bank.changeover.drain().retryParked(Bank.NAME);
        if (!bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(30))) {
            errors.add(new AssertionError("the marks do not drain: "
                    + database.queryStrings("SELECT a::text FROM changeover.attempt a LIMIT 5")));
        }
        return new Result(
                acknowledged.get(),
                lost(state.stage().authority()),
                WalkTest.differences(database),
                List.copyOf(wrongReads),
                List.copyOf(errors),
                serialization.get(),
                stageChanged.get(),
                moves.get(),
                refused.get(),
                banks.stream().mapToLong(each -> each.events.marks.size()).sum());
    }

    private long lost(Side authority) {
        Map<Long, Account> present = new HashMap<>();
        String table = authority == Side.LEGACY
                ? "name, balance, state FROM old.account"
                : "label, balance, state FROM fresh.account";
        for (String row : database.queryStrings("SELECT concat_ws('|', id, " + table.replace(" FROM", ") FROM"))) {
            String[] parts = row.split("\\|");
            long id = Long.parseLong(parts[0]);
            present.put(id, new Account(id, parts[1], Long.parseLong(parts[2]), parts[3]));
        }
        long lost = 0;
        for (Map.Entry<Long, Optional<Account>> entry : journal.entrySet()) {
            if (!Optional.ofNullable(present.remove(entry.getKey())).equals(entry.getValue())) {
                lost++;
            }
        }
        return lost + present.size();
    }

    /** A unit that its caller rolls back. */
    private static final class Deliberate extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
