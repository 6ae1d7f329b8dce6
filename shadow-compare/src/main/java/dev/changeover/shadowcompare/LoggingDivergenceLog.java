package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each divergence to the application's log, up to a rate; what is above it is counted, and the count logged with
 * the next. Texts are cut off and control characters written as their code, so that one line stays one line.
 */
public final class LoggingDivergenceLog implements DivergenceLog {
    private static final Logger LOG = LoggerFactory.getLogger(LoggingDivergenceLog.class);

    private final int most;
    private final Duration window;
    private final Clock clock;
    private Instant until = Instant.MIN;
    private int written;
    private long suppressed;

    /** Logs at most ten divergences a minute. */
    public LoggingDivergenceLog() {
        this(10, Duration.ofMinutes(1), Clock.systemUTC());
    }

    /** Logs at most {@code most} divergences in a window of time. */
    public LoggingDivergenceLog(int most, Duration window, Clock clock) {
        this.most = most;
        this.window = window;
        this.clock = clock;
    }

    @Override
    public void add(List<Divergence> confirmed) {
        confirmed.forEach(this::addOne);
    }

    /** The decision is made under a lock, the line is written without it: an appender may block. */
    private void addOne(Divergence one) {
        long before;
        synchronized (this) {
            Instant now = clock.instant();
            before = now.isBefore(until) ? 0 : openWindow(now);
            if (written >= most) {
                suppressed++;
                return;
            }
            written++;
        }
        if (before > 0) {
            LOG.warn("{} more divergences were not logged one by one", before);
        }
        write(one);
    }

    private static void write(Divergence one) {
        Sample shown = Sample.of(one);
        LOG.warn(
                "{}.{}: key {} diverged at '{}' ({}): authority {}, follower {}, epoch {}",
                one.repository(),
                one.operation(),
                shown.key(),
                shown.path(),
                one.kind(),
                shown.authority(),
                shown.follower(),
                one.epoch());
    }

    /** Returns how many were suppressed in the last one. */
    private long openWindow(Instant now) {
        long before = suppressed;
        until = now.plus(window);
        written = 0;
        suppressed = 0;
        return before;
    }

    /** Returns how many divergences of the present window have not been logged. */
    public synchronized long suppressed() {
        return suppressed;
    }
}
