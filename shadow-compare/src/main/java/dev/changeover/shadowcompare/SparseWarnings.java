package dev.changeover.shadowcompare;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Logs one failure in ten seconds and says how many others there were, so that a storm of them cannot fill the log. */
final class SparseWarnings {
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicLong others = new AtomicLong();

    SparseWarnings(Logger log) {
        this.log = log;
    }

    void warn(String what, Throwable failure) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + PERIOD)) {
            log.warn("{} ({} times more since the last line)", what, others.getAndSet(0), failure);
        } else {
            others.incrementAndGet();
        }
    }
}
