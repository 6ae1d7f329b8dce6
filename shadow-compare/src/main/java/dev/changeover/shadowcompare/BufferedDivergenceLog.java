package dev.changeover.shadowcompare;

import dev.changeover.core.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the threads that compare apart from the database: differences are grouped, counted and sampled in memory, and
 * what has come together is stored about once a second.
 *
 * <pre>{@code
 * BufferedDivergenceLog divergences = BufferedDivergenceLog.before(new JdbcDivergenceLog(pool));
 * ShadowReads.builder(transactions).divergences(new LoggingDivergenceLog().and(divergences))...
 * divergences.close(); // after the shadow reads
 * }</pre>
 *
 * <p>Its budget, however many differences there are:
 *
 * <ul>
 *   <li>Memory: two times 500 groups of five samples with at most 680 characters, in the worst case 7 MB and as much
 *       again while they are sent; some hundred kilobytes as a rule. While the database is away it stays within that. A test has a process with a heap of 64 MB take a
 *       storm of 100,000 a second and more, with values of a million characters, and measures what it keeps.
 *   <li>Database: one connection for one short transaction of four messages a second, and none while nothing differs. At
 *       most some 1,000 rows a repository, of at most 5 kB.
 *   <li>Log: two lines for each time that the database was away.
 *   <li>The thread that adds: no statement, no log line and no wait for either; a lock that is held for a few steps in
 *       memory.
 * </ul>
 *
 * <p>Above 500 groups at a time a difference of another group is shed: counted by repository, stored as a count, shown
 * as unconfirmed. So what was added is always what is stored, and what was shed, and what is {@link #waiting}; a commit
 * that gave no reply is asked for before the same is sent again. Safe for use by several threads.
 */
public final class BufferedDivergenceLog implements DivergenceStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedDivergenceLog.class);
    private static final int GROUPS = 500;
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private final JdbcDivergenceLog store;
    private final DivergenceBuffer buffer;
    private final ScheduledFuture<?> flushes;
    private final ScheduledExecutorService flusher = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "changeover-divergences");
        thread.setDaemon(true);
        return thread;
    });

    private BufferedDivergenceLog(JdbcDivergenceLog store, int groups, Duration period) {
        this.store = store;
        this.buffer = new DivergenceBuffer(store.writer(), groups, DivergenceGroups.atRandom());
        this.flushes =
                flusher.scheduleWithFixedDelay(buffer::flush, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Puts a buffer of 500 groups before a store, which it reaches once a second. */
    public static BufferedDivergenceLog before(JdbcDivergenceLog store) {
        return before(store, GROUPS, PERIOD);
    }

    /**
     * Puts a buffer before a store.
     *
     * @param groups how many groups it keeps apart at a time; memory grows with it
     * @param period the time between the end of a transaction and the next
     * @throws ConfigurationException if one of them is not above zero
     */
    public static BufferedDivergenceLog before(JdbcDivergenceLog store, int groups, Duration period) {
        require(groups > 0, "groups", "it is " + groups, "Give at least 1");
        require(period.toMillis() > 0, "period", "it is " + period, "Give at least 1 ms");
        return new BufferedDivergenceLog(store, groups, period);
    }

    private static void require(boolean right, String setting, String problem, String remedy) {
        if (!right) {
            throw new ConfigurationException("bufferedDivergenceLog." + setting, problem, remedy);
        }
    }

    @Override
    public void add(List<Divergence> confirmed) {
        buffer.add(confirmed);
    }

    /** Returns how many differences are in memory and not stored yet. */
    public long waiting() {
        return buffer.waiting();
    }

    /** Returns how often the database could not be reached. */
    public long failures() {
        return buffer.failures();
    }

    /** Stores what is waiting, if the database can be reached, and returns everything that is stored. */
    @Override
    public List<DivergenceGroup> groups() {
        buffer.flush();
        return store.groups();
    }

    /** Stores what is waiting, if the database can be reached, and returns everything that was shed. */
    @Override
    public Map<String, Long> shed() {
        buffer.flush();
        return store.shed();
    }

    /** Stores what is waiting, in at most five seconds. Close whoever adds first: what comes later is not stored. */
    @Override
    public void close() {
        flushes.cancel(false);
        try {
            flusher.submit(buffer::flush).get(LAST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the last divergences were not stored", e);
        }
        flusher.shutdownNow();
        long lost = buffer.waiting();
        if (lost > 0) {
            LOG.warn("{} divergences were not stored before the end: they count as unconfirmed", lost);
        }
    }
}
