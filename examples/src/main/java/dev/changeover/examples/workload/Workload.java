package dev.changeover.examples.workload;

import dev.changeover.examples.database.Savepoints;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.legacy.ProfileService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/** The live traffic; runs from {@link #start} to {@link #close}. */
public final class Workload implements AutoCloseable {

    private final Shape shape;
    private final Deployment deployment;
    private final PlatformTransactionManager transactions;
    private final Journal journal;
    private final Metrics metrics;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;
    private volatile boolean dirtyChecking = true;
    private volatile boolean leaving;

    /**
     * How much traffic.
     *
     * @param writers how many threads write
     * @param readers how many threads read
     * @param writesPerSecond how many acknowledged writes all writers aim at
     * @param readsPerSecond how many reads all readers aim at
     */
    public record Shape(int writers, int readers, double writesPerSecond, double readsPerSecond) {

        /** What two cores bear beside the copies of a transition. */
        public static final Shape DEFAULT = new Shape(6, 4, 220, 80);
    }

    /** Prepares traffic over these repositories; every unit of work runs in the application's transactions. */
    public Workload(
            Shape shape, Ports ports, PlatformTransactionManager transactions, Journal journal, Metrics metrics) {
        this.shape = shape;
        this.deployment = new Deployment(ports);
        this.transactions = transactions;
        this.journal = journal;
        this.metrics = metrics;
    }

    /**
     * Starts the threads.
     *
     * @param life the life of the job: names that an earlier one gave may be taken
     * @param profiles the service that writes by dirty checking, or null if there is none
     */
    public void start(
            long seed, int life, DataSource dataSource, Population population, @Nullable ProfileService profiles) {
        long own = seed + 1_000_003L * (life - 1);
        UnitRunner runner =
                new UnitRunner(deployment, transactions, new Savepoints(dataSource), journal, metrics, false);
        for (int i = 0; i < shape.writers(); i++) {
            Population stripe = population.stripe(i, shape.writers());
            Writer writer = new Writer(i, own, life, runner, stripe, profiles, () -> dirtyChecking, () -> leaving);
            thread("writer-" + i, shape.writesPerSecond() / shape.writers(), pace -> pace.after(writer.step()));
        }
        for (int i = 0; i < shape.readers(); i++) {
            Reader reader = new Reader(i, own, deployment, transactions, population, metrics);
            thread("reader-" + i, shape.readsPerSecond() / shape.readers(), pace -> {
                reader.step();
                pace.after(1);
            });
        }
        threads.forEach(Thread::start);
    }

    private void thread(String name, double perSecond, Consumer<Pace> step) {
        threads.add(new Thread(
                () -> {
                    Pace pace = new Pace(perSecond);
                    while (!stopped) {
                        step.accept(pace);
                    }
                },
                name));
    }

    /** Puts another build of the application in the place of the present one; the traffic hardly notices. */
    public void deploy(Ports ports) {
        deployment.replace(ports);
    }

    /** Ends changes that no repository call makes: without sentinels nobody may make them once new leads. */
    public void stopDirtyChecking() {
        dirtyChecking = false;
    }

    /** Lets users leave who have rooms: on new their row must be there, for the rooms that they leave behind. */
    public void letOwnersLeave() {
        leaving = true;
    }

    /** Lets every thread finish its unit of work. */
    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the traffic stops", e);
            }
        }
    }
}
