package dev.changeover.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A place where one thread of the code under test waits for the test. Made by {@link Probe#pauseAt}.
 *
 * <p>Neither side waits longer than 20 seconds. Safe for use by several threads. Closing it releases the thread.
 */
public final class PausePoint implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String name;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    PausePoint(String name) {
        this.name = name;
    }

    /** Waits until a thread has arrived here; returns this. */
    public PausePoint awaitReached() {
        try {
            await(reached, "No thread reached point " + name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for point " + name, e);
        }
        return this;
    }

    /** Whether a thread has arrived here, be it released since or not. */
    public boolean isReached() {
        return reached.getCount() == 0;
    }

    /** Lets the thread go on; if none has arrived yet, it will not stop. */
    public void release() {
        released.countDown();
    }

    /** The same as {@link #release}. */
    @Override
    public void close() {
        release();
    }

    void stopHere() throws InterruptedException {
        reached.countDown();
        await(released, "Nobody released point " + name);
    }

    private static void await(CountDownLatch latch, String complaint) throws InterruptedException {
        if (!latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(complaint + " within " + LIMIT);
        }
    }
}
