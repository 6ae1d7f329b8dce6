package dev.changeover.shadowcompare;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two generations of groups: one that grows, and one that is being stored. A generation that could not be stored stays
 * as it is until it is, since its transaction may have been committed after all; meanwhile the other grows to its bound.
 */
final class DivergenceBuffer {
    private static final Logger LOG = LoggerFactory.getLogger(DivergenceBuffer.class);

    private final DivergenceWriter writer;
    private final int most;
    private final LongSupplier ranks;

    /** Guards the two generations; never held while anything else is waited for. */
    private final Object lock = new Object();

    /** Lets one flush run at a time. */
    private final Object flushing = new Object();

    private DivergenceGroups growing;
    private @Nullable DivergenceGroups leaving;
    private final AtomicLong failures = new AtomicLong();
    private boolean away;

    DivergenceBuffer(DivergenceWriter writer, int most, LongSupplier ranks) {
        this.writer = writer;
        this.most = most;
        this.ranks = ranks;
        this.growing = new DivergenceGroups(most, ranks);
    }

    void add(List<Divergence> confirmed) {
        for (Divergence each : confirmed) {
            GroupId id = GroupId.of(each);
            synchronized (lock) {
                growing.add(id, each);
            }
        }
    }

    long waiting() {
        synchronized (lock) {
            return growing.count() + (leaving == null ? 0 : leaving.count());
        }
    }

    long failures() {
        return failures.get();
    }

    /** Stores what has come together; never throws, or the schedule would end. */
    void flush() {
        synchronized (flushing) {
            try {
                store();
            } catch (SQLException | RuntimeException e) {
                failed(e);
            }
        }
    }

    private void store() throws SQLException {
        DivergenceGroups groups = take();
        if (groups.count() == 0) {
            return;
        }
        writer.store(groups);
        synchronized (lock) {
            leaving = null;
        }
        if (away) {
            away = false;
            LOG.warn("divergences are stored again, {} of them after {} failed attempts", groups.count(), failures());
        }
    }

    private DivergenceGroups take() {
        synchronized (lock) {
            DivergenceGroups taken = leaving;
            if (taken == null) {
                taken = growing;
                if (taken.count() > 0) {
                    growing = new DivergenceGroups(most, ranks);
                    leaving = taken;
                }
            }
            return taken;
        }
    }

    private void failed(Exception e) {
        failures.incrementAndGet();
        if (!away) {
            away = true;
            LOG.warn(
                    "divergences cannot be stored: {}. They are counted in memory and tried again, and this is not"
                            + " said again until they are stored",
                    e.getMessage());
        }
    }
}
