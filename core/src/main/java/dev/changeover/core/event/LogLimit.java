package dev.changeover.core.event;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Lets a few lines of each kind through in a stretch of time and counts the rest. The count is logged when the stretch
 * is over and somebody comes by. Never blocks; two threads that meet at an edge may let one line more or less through.
 */
final class LogLimit {

    private static final class Stretch {
        private final AtomicLong begun;
        private final AtomicInteger lines = new AtomicInteger();

        Stretch(long begun) {
            this.begun = new AtomicLong(begun);
        }
    }

    private final Logger log;
    private final LongSupplier clock;
    private final int most;
    private final long nanos;
    private final Map<String, Stretch> stretches = new ConcurrentHashMap<>();

    LogLimit(Logger log, LongSupplier clock, int most, long nanos) {
        this.log = log;
        this.clock = clock;
        this.most = most;
        this.nanos = nanos;
    }

    /** Tells whether a line of this kind may be logged now. */
    boolean passes(String kind) {
        long now = clock.getAsLong();
        Stretch stretch = stretches.computeIfAbsent(kind, key -> new Stretch(now));
        end(kind, stretch, now);
        return stretch.lines.incrementAndGet() <= most;
    }

    /** Logs the counts of all stretches that are over. */
    void sweep() {
        long now = clock.getAsLong();
        stretches.forEach((kind, stretch) -> end(kind, stretch, now));
    }

    private void end(String kind, Stretch stretch, long now) {
        long begun = stretch.begun.get();
        if (now - begun >= nanos && stretch.begun.compareAndSet(begun, now)) {
            int suppressed = stretch.lines.getAndSet(0) - most;
            if (suppressed > 0) {
                log.warn("{} more lines were suppressed: {}", suppressed, kind);
            }
        }
    }
}
