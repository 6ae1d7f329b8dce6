package dev.changeover.proof;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Stage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Callers that read and write few keys at once, under every isolation level, while somebody writes round the library,
 * sessions are killed and the stage goes forward and back. What fails for a caller is theirs; nothing is compared here.
 */
final class Traffic implements AutoCloseable {

    private static final int KEYS = 30;
    private static final int WRITERS = 4;
    private static final int READERS = 3;

    private final Bank bank;
    private final Scene scene;
    private final long seed;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    private Traffic(Scene scene, long seed) {
        this.scene = scene;
        this.bank = scene.bank();
        this.seed = seed;
    }

    /** Begins in SHADOW, with sentinels, so that who writes round the library is copied too. */
    static Traffic begin(Scene scene, long seed) {
        Traffic traffic = new Traffic(scene, seed);
        for (int i = 0; i < WRITERS; i++) {
            traffic.start("writer " + i, traffic::write);
        }
        for (int i = 0; i < READERS; i++) {
            traffic.start("reader " + i, traffic::read);
        }
        traffic.start("mover", traffic::move);
        traffic.start("killer", traffic::kill);
        traffic.start("stranger", traffic::writeRound);
        return traffic;
    }

    /** Does something again and again. */
    private interface Step {
        void take(Random random) throws Exception;
    }

    private void start(String name, Step step) {
        Random random = new Random(seed * 31 + name.hashCode());
        Thread thread = new Thread(
                () -> {
                    while (!ended) {
                        attempt(step, random);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void attempt(Step step, Random random) {
        try {
            step.take(random);
        } catch (Throwable e) {
            if (!expected(e)) {
                broken.add(e);
            }
        }
    }

    /** A serialization failure, a killed session, a move that was refused, the caller's own. */
    private static boolean expected(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException
                    || cause instanceof ChangeoverException
                    || cause instanceof IllegalStateException) {
                return true;
            }
        }
        return false;
    }

    private static long key(Random random) {
        return 1 + random.nextInt(KEYS);
    }

    private void write(Random random) {
        bank.inTransaction(random.nextInt(4) == 0 ? Scene.REPEATABLE_READ : Scene.READ_COMMITTED, () -> {
            for (int i = random.nextInt(3); i >= 0; i--) {
                writeOne(random);
            }
            if (random.nextInt(10) == 0) {
                throw new IllegalStateException("the caller rolls back");
            }
            return null;
        });
    }

    private void writeOne(Random random) {
        long key = key(random);
        switch (random.nextInt(6)) {
            case 0 -> bank.accounts.delete(key);
            case 1, 2 -> bank.accounts.add(key, random.nextInt(100));
            default -> bank.accounts.save(new Account(key, "n" + key, random.nextInt(1_000)));
        }
    }

    private void read(Random random) {
        switch (random.nextInt(8)) {
            case 0 -> bank.accounts.all();
            case 1 -> bank.accounts.count();
            case 2 -> bank.accounts.byName("n" + key(random));
            default -> bank.accounts.find(key(random));
        }
    }

    /** Between SHADOW, RAMP and NEW_PRIMARY, and to any percentage. */
    private void move(Random random) throws InterruptedException {
        Thread.sleep(100);
        Stage now = bank.changeover.stages().of(Bank.NAME).stage();
        if (now == Stage.RAMP && random.nextInt(3) > 0) {
            bank.percent(random.nextInt(5) * 25);
            return;
        }
        Stage next = now == Stage.RAMP ? (random.nextBoolean() ? Stage.SHADOW : Stage.NEW_PRIMARY) : Stage.RAMP;
        if (next == Stage.NEW_PRIMARY) {
            bank.percent(100);
        }
        bank.changeover.stages().move(Bank.NAME, next, "traffic", "to and fro");
    }

    private void kill(Random random) throws InterruptedException {
        Thread.sleep(400 + random.nextInt(400));
        scene.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid() AND state <> 'idle' ORDER BY random() LIMIT 1");
    }

    private void writeRound(Random random) throws InterruptedException {
        Thread.sleep(50);
        scene.sql("UPDATE old.account SET balance = balance + 1 WHERE id = " + key(random));
    }

    /** What nobody expected, such as an error of the library itself. */
    List<Throwable> broken() {
        return List.copyOf(broken);
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(30_000);
        }
    }
}
