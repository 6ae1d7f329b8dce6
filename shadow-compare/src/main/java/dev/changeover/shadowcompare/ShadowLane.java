package dev.changeover.shadowcompare;

import dev.changeover.core.measure.Source;
import dev.changeover.core.spi.ObservedRead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The budget of one repository: its queue, its workers, its breaker. A repository that hangs starves only itself. */
final class ShadowLane {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowLane.class);
    private static final long SHORTEST_PAUSE = Duration.ofNanos(200_000).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(10).toNanos();

    private final SparseWarnings warnings = new SparseWarnings(LOG);
    private final String repository;
    private final ReadQueue queue;
    private final ShadowRead<?, ?> reads;
    private final Tally tally;
    private final DivergenceLog divergences;
    private final Budget budget;
    private final double work;
    private final ObservationRegistry observations;
    private final LongAdder busy = new LongAdder();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean closed;

    ShadowLane(ComparedRepository<?, ?> repository, ShadowSettings settings, Deadlines deadlines) {
        this.repository = repository.name();
        this.queue = new ReadQueue(settings.queueCapacity());
        CircuitBreaker breaker = CircuitBreaker.of("changeover-shadow-" + repository.name(), settings.breaker());
        this.reads = new ShadowRead<>(repository, settings, breaker, deadlines);
        this.tally = new Tally(
                repository.name(), settings.meters(), "changeover.shadow.reads", settings.measurements(), Source.READ);
        this.divergences = settings.divergences();
        this.budget = new Budget(settings.budget());
        this.work = settings.work();
        this.observations = settings.observations();
        Executor executor = settings.executor() == null ? this::startThread : settings.executor();
        for (int i = 0; i < settings.threads(); i++) {
            executor.execute(this::work);
        }
    }

    private void startThread(Runnable work) {
        Thread thread = new Thread(work, "changeover-shadow-" + repository);
        thread.setDaemon(true);
        thread.start();
    }

    /** The caller's share. */
    void offer(ObservedRead read) {
        if (!budget.admits()) {
            tally.count(read.operation(), Outcome.SHED);
            return;
        }
        take(read);
        if (budget.measures()) {
            budget.measured(System.nanoTime() - read.servedAt(), read.nanos());
        }
    }

    private void take(ObservedRead read) {
        pending.incrementAndGet();
        if (closed || !queue.offer(ReadTask.of(read, observations))) {
            pending.decrementAndGet();
            tally.count(read.operation(), Outcome.DROPPED);
        }
    }

    List<OperationCounts> counts() {
        return tally.snapshot();
    }

    ShadowCost cost() {
        return budget.cost(repository, busy.sum());
    }

    boolean idle() {
        return pending.get() == 0;
    }

    /** What still waits is dropped, so that every read that was taken has an outcome. */
    void close() {
        closed = true;
        for (ReadTask task = queue.poll(); task != null; task = queue.poll()) {
            tally.count(task.read().operation(), Outcome.DROPPED);
            pending.decrementAndGet();
        }
    }

    private void work() {
        long pause = SHORTEST_PAUSE;
        while (!closed) {
            ReadTask task = queue.poll();
            if (task == null) {
                LockSupport.parkNanos(this, pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            } else {
                process(task);
                pause = SHORTEST_PAUSE;
            }
        }
    }

    private void process(ReadTask task) {
        long start = System.nanoTime();
        AtomicBoolean counted = new AtomicBoolean();
        try {
            task.inContext(() -> process(task.read(), counted));
        } catch (Throwable e) {
            if (!counted.get()) {
                tally.count(task.read().operation(), Outcome.ERROR);
            }
            warnings.warn("a shadow read of " + repository + " could not be dealt with", e);
        } finally {
            pending.decrementAndGet();
            worked(System.nanoTime() - start);
        }
    }

    private void process(ObservedRead read, AtomicBoolean counted) {
        Finding finding = compare(read);
        tally.count(read.operation(), finding.outcome());
        counted.set(true);
        if (!finding.divergences().isEmpty()) {
            divergences.add(finding.divergences());
        }
    }

    /** A worker that may not always be at work rests after each read; what does not fit into the queue is dropped. */
    private void worked(long nanos) {
        busy.add(nanos);
        if (work < 1 && !closed) {
            LockSupport.parkNanos(this, (long) (nanos * (1 / work - 1)));
        }
    }

    private Finding compare(ObservedRead read) {
        try {
            return reads.compare(read, tally.noise(read.operation()));
        } catch (Throwable e) {
            LOG.debug("a shadow read of {}.{} failed", repository, read.operation(), e);
            return Finding.of(Outcome.ERROR);
        }
    }
}
