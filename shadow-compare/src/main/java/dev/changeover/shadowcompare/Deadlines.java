package dev.changeover.shadowcompare;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts work that takes too long outside the database; statements have a time limit of their own, which the driver
 * does not leave at an interrupt.
 */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor watch;

    Deadlines() {
        this.watch = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "changeover-shadow-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
    }

    <T extends @Nullable Object> T within(Duration limit, Callable<T> work) throws Exception {
        Running running = new Running(Thread.currentThread());
        Future<?> alarm = watch.schedule(running::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        try {
            T result = work.call();
            running.finish(limit);
            return result;
        } catch (Throwable e) {
            running.finish(limit);
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    /** Work that is under way keeps its deadline; without one, what hangs would hang for ever. */
    @Override
    public void close() {
        watch.shutdown();
    }

    /** An alarm that comes late must not interrupt what the thread does next. */
    private static final class Running {
        private final Thread thread;
        private boolean over;
        private boolean late;

        Running(Thread thread) {
            this.thread = thread;
        }

        synchronized void expire() {
            if (!over) {
                late = true;
                thread.interrupt();
            }
        }

        /** What interrupted work returns, or throws, is no answer, however regular it looks. */
        synchronized void finish(Duration limit) throws TimeoutException {
            over = true;
            if (late) {
                Thread.interrupted();
                throw new TimeoutException("took longer than " + limit);
            }
        }
    }
}
