package dev.changeover.proof;

import dev.changeover.core.spi.TransactionSettings;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A caller of the application: one unit of work on a thread of its own, whose steps a test puts in order with those of
 * others. To be used by the one thread that runs the test; nothing waits longer than 20 seconds.
 */
final class Caller implements AutoCloseable {

    private static final int LIMIT_SECONDS = 20;

    private final Scene scene;
    private final LinkedBlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private final Thread thread;
    private CompletableFuture<?> step = CompletableFuture.completedFuture(null);
    private volatile int pid;
    private volatile Throwable ended;

    private enum End implements Runnable {
        COMMIT,
        ROLLBACK;

        @Override
        public void run() {}
    }

    private static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Caller(Scene scene, Bank bank, TransactionSettings settings) {
        this.scene = scene;
        this.thread = new Thread(() -> live(bank, settings), "caller");
        thread.setDaemon(true);
        thread.start();
        pid = get(() -> scene.backend(bank.connection()));
    }

    private void live(Bank bank, TransactionSettings settings) {
        try {
            bank.inTransaction(settings, () -> {
                while (true) {
                    Runnable next = steps.take();
                    if (next == End.COMMIT) {
                        return null;
                    } else if (next == End.ROLLBACK) {
                        throw new GivenUp();
                    }
                    next.run();
                }
            });
            outcome.complete(null);
        } catch (GivenUp e) {
            outcome.complete(null);
        } catch (Throwable failure) {
            ended = failure;
            outcome.completeExceptionally(failure);
        }
    }

    /** Runs a step and returns what it returned; what it throws comes out. */
    <T> T get(Callable<T> work) {
        return await(begin(work));
    }

    void run(Runnable work) {
        start(work);
        join();
    }

    /** Runs SQL of the application's own on the connection of the unit of work. */
    void sql(Bank bank, String sql) {
        get(() -> {
            try (Statement statement = bank.connection().createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** Begins a step that is expected to wait, and returns at once. */
    Caller start(Runnable work) {
        step = begin(() -> {
            work.run();
            return null;
        });
        return this;
    }

    void join() {
        await(step);
    }

    /** Returns what the step threw, or null. */
    Throwable joinFailed() {
        return failureOf(step);
    }

    boolean isBusy() {
        return !step.isDone();
    }

    int pid() {
        return pid;
    }

    /** Waits until the step waits for a lock of the database. */
    Caller awaitBlocked() {
        scene.awaitBlocked(pid);
        return this;
    }

    void commit() {
        Throwable failure = commitFailed();
        if (failure != null) {
            throw new AssertionError("The caller could not commit", failure);
        }
    }

    /** Commits and returns what that threw, or null. */
    Throwable commitFailed() {
        steps.add(End.COMMIT);
        return failureOf(outcome);
    }

    void rollback() {
        steps.add(End.ROLLBACK);
        failureOf(outcome);
    }

    private <T> CompletableFuture<T> begin(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        steps.add(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private <T> T await(CompletableFuture<T> result) {
        Throwable failure = failureOf(result);
        if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        } else if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return result.join();
    }

    private Throwable failureOf(CompletableFuture<?> result) {
        try {
            CompletableFuture.anyOf(result, outcome).exceptionally(e -> null).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!result.isDone()) {
                throw new AssertionError("The unit of work ended before its step", ended);
            }
            result.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("A caller hangs: " + scene.activity(pid), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (!outcome.isDone()) {
            if (isBusy() && pid != 0) {
                scene.database.execute("SELECT pg_terminate_backend(" + pid + ")");
            }
            steps.add(End.ROLLBACK);
            outcome.exceptionally(e -> null)
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }
}
