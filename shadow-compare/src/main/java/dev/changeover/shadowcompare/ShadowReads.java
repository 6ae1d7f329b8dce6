package dev.changeover.shadowcompare;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.Transactions;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a sample of the served reads on the other side, behind the caller's back, and reports what differs once it is
 * confirmed.
 *
 * <pre>{@code
 * BufferedDivergenceLog buffer = BufferedDivergenceLog.before(new JdbcDivergenceLog(pool)); // closed after the reads
 * ShadowReads shadow = ShadowReads.builder(transactions)
 *         .repository(users)
 *         .samplePercent(10)
 *         .divergences(buffer.and(new LoggingDivergenceLog()))
 *         .build();
 * Changeover.builder().observer(shadow)...
 * }</pre>
 *
 * <p>The caller pays for a look at the sample and for an offer to a bounded queue. It never waits, and nothing that
 * happens to the repeated read reaches it (G3).
 */
public final class ShadowReads implements ReadObserver, AutoCloseable {
    private static final int BUCKETS = 10_000;

    private final int sampled;
    private final Deadlines deadlines = new Deadlines();
    private final Map<String, ShadowLane> lanes;

    private ShadowReads(ShadowSettings settings, Collection<ComparedRepository<?, ?>> repositories) {
        this.sampled = settings.sampled();
        Map<String, ShadowLane> opened = new HashMap<>();
        repositories.forEach(each -> opened.put(each.name(), new ShadowLane(each, settings, deadlines)));
        this.lanes = Map.copyOf(opened);
    }

    /** Starts the configuration; the transactions are those of the application, which its reads join. */
    public static Builder builder(Transactions transactions) {
        return new Builder(transactions);
    }

    @Override
    public boolean wants(String repository, ReadKind kind, long bucket) {
        // without a key there is no bucket: a stable sample of such reads would be all of them or none
        long place = kind == ReadKind.KEYED
                ? Long.remainderUnsigned(bucket, BUCKETS)
                : ThreadLocalRandom.current().nextInt(BUCKETS);
        return place < sampled && lanes.containsKey(repository);
    }

    @Override
    public void observe(ObservedRead read) {
        ShadowLane lane = lanes.get(read.repository());
        if (lane != null) {
            try {
                lane.offer(read);
            } catch (Throwable e) {
                // whatever it is, it is not the caller's; not even a log line may be written on this thread
                return;
            }
        }
    }

    /** Returns the counters of this moment. */
    public ShadowCounters counters() {
        return new ShadowCounters(lanes.values().stream()
                .flatMap(each -> each.counts().stream())
                .sorted(Comparator.comparing(OperationCounts::repository).thenComparing(OperationCounts::operation))
                .toList());
    }

    /** Returns what shadow reads cost so far, one entry for each repository. */
    public List<ShadowCost> costs() {
        return lanes.values().stream()
                .map(ShadowLane::cost)
                .sorted(Comparator.comparing(ShadowCost::repository))
                .toList();
    }

    /** Tells whether every read that was taken has been dealt with. */
    public boolean idle() {
        return lanes.values().stream().allMatch(ShadowLane::idle);
    }

    /** Ends the workers; what still waits is dropped and counted. */
    @Override
    public void close() {
        lanes.values().forEach(ShadowLane::close);
        deadlines.close();
    }

    /** Collects the settings. */
    public static final class Builder {
        private final Transactions transactions;
        private final Map<String, ComparedRepository<?, ?>> repositories = new HashMap<>();
        private int sampled = BUCKETS / 10;
        private int queueCapacity = 1_000;
        private int threads = 1;
        private Duration deadline = Duration.ofSeconds(1);
        private int attempts = 3;
        private CircuitBreakerConfig breaker = CircuitBreakerConfig.ofDefaults();
        private DivergenceLog divergences = new LoggingDivergenceLog();
        private @Nullable MeterRegistry meters;
        private @Nullable Measurements measurements;
        private Clock clock = Clock.systemUTC();
        private @Nullable Executor executor;
        private double noise;
        private double budget = 0.05;
        private double work = 1;
        private ObservationRegistry observations = ObservationRegistry.NOOP;

        private Builder(Transactions transactions) {
            this.transactions = transactions;
        }

        /** Compares reads of this repository; each has a queue, threads and a breaker of its own. */
        public Builder repository(ComparedRepository<?, ?> repository) {
            if (repositories.put(repository.name(), repository) != null) {
                throw refused("repository", repository.name() + " is given twice", "Give it once");
            }
            return this;
        }

        /** Compares this share of the reads, 10 by default, in steps of a hundredth: by key always the same keys, those
         * that RAMP serves from new first; of other reads any. */
        public Builder samplePercent(double percent) {
            require(percent >= 0 && percent <= 100, "samplePercent", "it is " + percent, "Give 0 to 100");
            this.sampled = (int) Math.round(percent * BUCKETS / 100);
            return this;
        }

        /** Lets this many reads of a repository wait, 1,000 by default; what comes on top is dropped and counted. */
        public Builder queueCapacity(int reads) {
            require(reads > 0, "queueCapacity", "it is " + reads, "Give at least 1");
            this.queueCapacity = reads;
            return this;
        }

        /** Repeats the reads of a repository on this many threads, 1 by default; each takes one connection. */
        public Builder threads(int count) {
            require(count > 0, "threads", "it is " + count, "Give at least 1");
            this.threads = count;
            return this;
        }

        /** Ends a repeated read, and each look at a snapshot, after this time; 1 second by default. */
        public Builder deadline(Duration limit) {
            require(limit.toMillis() > 0, "deadline", "it is " + limit, "Give at least 1 ms");
            this.deadline = limit;
            return this;
        }

        /** Tries this many snapshots to decide a difference, 3 by default, and then leaves it unconfirmed. */
        public Builder attempts(int count) {
            require(count > 0, "attempts", "it is " + count, "Give at least 1");
            this.attempts = count;
            return this;
        }

        /** Stops repeating reads of a side that fails as often as this says. */
        public Builder circuitBreaker(CircuitBreakerConfig config) {
            this.breaker = config;
            return this;
        }

        /** Hands confirmed divergences to this log; the application's own log at a limited rate without it. */
        public Builder divergences(DivergenceLog log) {
            this.divergences = log;
            return this;
        }

        /** Counts in this registry too. */
        public Builder meters(MeterRegistry registry) {
            this.meters = registry;
            return this;
        }

        /** Counts for gates and reports too, which see all instances together. */
        public Builder measurements(Measurements counters) {
            this.measurements = counters;
            return this;
        }

        /** Takes the time of divergences from this clock. */
        public Builder clock(Clock source) {
            this.clock = source;
            return this;
        }

        /** Runs the workers here instead of on threads of their own; each occupies a thread until it is closed. */
        public Builder executor(Executor workers) {
            this.executor = workers;
            return this;
        }

        /**
         * Asks the side that served, too, once more for this share of the repeated reads; none by default. How often an
         * operation differs from itself, and what both sides take for it, is then told by {@link OperationCounts#noise}.
         */
        public Builder noiseFloorPercent(double percent) {
            require(percent >= 0 && percent <= 100, "noiseFloorPercent", "it is " + percent, "Give 0 to 100");
            this.noise = percent / 100;
            return this;
        }

        /**
         * Takes fewer reads where handing one over costs a caller more than this share of the median read, 5 by default;
         * the others are shed and counted. Two microseconds are always granted.
         */
        public Builder budgetPercent(double percent) {
            require(percent > 0, "budgetPercent", "it is " + percent, "Give more than 0, or samplePercent(0)");
            this.budget = percent / 100;
            return this;
        }

        /** Lets a worker be at work for this share of its time, 100 by default, to spare the database. */
        public Builder workPercent(double percent) {
            require(percent > 0 && percent <= 100, "workPercent", "it is " + percent, "Give more than 0, up to 100");
            this.work = percent / 100;
            return this;
        }

        /** Carries the caller's observation over to the repeated read. */
        public Builder observations(ObservationRegistry registry) {
            this.observations = registry;
            return this;
        }

        /** Starts the workers. */
        public ShadowReads build() {
            require(!repositories.isEmpty(), "repository", "none is given", "Add one with .repository(users)");
            double reread = noise;
            ShadowSettings settings = new ShadowSettings(
                    transactions,
                    sampled,
                    queueCapacity,
                    threads,
                    deadline,
                    attempts,
                    breaker,
                    divergences,
                    meters,
                    measurements,
                    clock,
                    () -> ThreadLocalRandom.current().nextBoolean(),
                    () -> reread > 0 && ThreadLocalRandom.current().nextDouble() < reread,
                    budget,
                    work,
                    observations,
                    executor);
            return new ShadowReads(settings, List.copyOf(repositories.values()));
        }

        private static void require(boolean right, String setting, String problem, String remedy) {
            if (!right) {
                throw refused(setting, problem, remedy);
            }
        }

        private static ConfigurationException refused(String setting, String problem, String remedy) {
            return new ConfigurationException("shadowReads." + setting, problem, remedy);
        }
    }
}
