package dev.changeover.shadowcompare;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each divergence to the application's log, up to a rate; what is above it is counted, and the count logged. */
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
    public synchronized void add(List<Divergence> confirmed) {
        confirmed.forEach(this::addOne);
    }

    private void addOne(Divergence one) {
        Instant now = clock.instant();
        if (!now.isBefore(until)) {
            openWindow(now);
        }
        if (written < most) {
            written++;
            LOG.warn(
                    "{}.{}: key {} diverged at '{}' ({}): authority {}, follower {}, epoch {}",
                    one.repository(),
                    one.operation(),
                    one.key(),
                    one.difference().path(),
                    one.kind(),
                    one.difference().authority(),
                    one.difference().follower(),
                    one.epoch());
        } else {
            suppressed++;
        }
    }

    private void openWindow(Instant now) {
        if (suppressed > 0) {
            LOG.warn("{} more divergences were not logged one by one", suppressed);
        }
        until = now.plus(window);
        written = 0;
        suppressed = 0;
    }
}
