package dev.changeover.shadowcompare;

import dev.changeover.core.ConfigurationException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Compares every key of both sides under live traffic, range by range in the order of the keys. Each range is one short
 * snapshot of marks and both sides, so that a write in flight is never taken for a difference (G6). Every run leaves a
 * row in {@code changeover.verification}, which also says how far it is.
 *
 * <pre>{@code
 * VerificationResult<UUID> result = Verification.of(pool, users).build().run();
 * }</pre>
 *
 * @param <K> the key
 * @param <V> the entity
 */
public final class Verification<K, V> {
    private final DataSource dataSource;
    private final ComparedRepository<K, V> repository;
    private final VerificationSettings<K> settings;

    private Verification(DataSource dataSource, ComparedRepository<K, V> repository, VerificationSettings<K> settings) {
        this.dataSource = dataSource;
        this.repository = repository;
        this.settings = settings;
    }

    /** Starts the configuration; the connections are taken from here, one at a time. */
    public static <K, V> Builder<K, V> of(DataSource dataSource, ComparedRepository<K, V> repository) {
        return new Builder<>(dataSource, repository);
    }

    /** Compares everything in its scope. */
    public VerificationResult<K> run() {
        return run(() -> false);
    }

    /** Compares everything in its scope, unless it is told to stop between two ranges, or interrupted. */
    public VerificationResult<K> run(BooleanSupplier stop) {
        return new VerificationRun<>(dataSource, repository, settings, stop, null).result();
    }

    /** Goes on with a verification as {@link #resume(long, BooleanSupplier)}. */
    public VerificationResult<K> resume(long id) {
        return resume(id, () -> false);
    }

    /**
     * Goes on with a verification that was stopped or died, of whatever instance, at its last finished range and with its
     * counts. Mode and scope are those with which it began; the result lists what is found from now on.
     *
     * @param id its number in {@code changeover.verification}
     * @throws dev.changeover.core.ChangeoverException if there is none of this repository that can go on
     */
    public VerificationResult<K> resume(long id, BooleanSupplier stop) {
        return new VerificationRun<>(dataSource, repository, settings, stop, id).result();
    }

    /**
     * Collects the settings of a verification.
     *
     * @param <K> the key
     * @param <V> the entity
     */
    public static final class Builder<K, V> {
        private final DataSource dataSource;
        private final ComparedRepository<K, V> repository;
        private VerificationMode mode = VerificationMode.AUTO;
        private VerificationScope<K> scope = VerificationScope.all();
        private int rangeSize;
        private int listed = 10_000;
        private int kept = 1_000_000;
        private int recheckRounds = 10;
        private Duration recheckPause = Duration.ofMillis(500);
        private Duration timeout = Duration.ofSeconds(30);
        private boolean mayBeEmpty;
        private LongSupplier rate = () -> 0;
        private final List<Invariant> invariants = new ArrayList<>();
        private @Nullable Long request;
        private Consumer<VerificationProgress> progress = state -> {};
        private DivergenceLog divergences = DivergenceLog.NONE;
        private Clock clock = Clock.systemUTC();

        private Builder(DataSource dataSource, ComparedRepository<K, V> repository) {
            this.dataSource = dataSource;
            this.repository = repository;
        }

        /**
         * Says how keys that may differ are found, {@link VerificationMode#AUTO} by default.
         *
         * @throws ConfigurationException if the mode needs projections and the stores have none onto the same columns
         */
        public Builder<K, V> mode(VerificationMode wanted) {
            boolean inSql = wanted == VerificationMode.JOIN || wanted == VerificationMode.CHECKSUM;
            if (inSql && !ProjectedSides.possible(repository)) {
                throw new ConfigurationException(
                        repository.name() + ".verification.mode",
                        wanted + " needs projections onto the same columns on both sides",
                        "Give both stores a projection, or use JAVA");
            }
            this.mode = wanted;
            return this;
        }

        /**
         * Looks only at the keys of a span, in the order of the key type. What is asked for last about the scope counts.
         *
         * @param from the first key, or null to begin at the first there is
         * @param to the last key, or null
         */
        public Builder<K, V> between(@Nullable K from, @Nullable K to) {
            this.scope = VerificationScope.between(from, to);
            return this;
        }

        /** Looks only at this share of the keys, the same ones each time. */
        public Builder<K, V> sample(double percent) {
            require(percent > 0 && percent <= 100, "sample", percent);
            this.scope = VerificationScope.sample(percent);
            return this;
        }

        /** Looks only at these keys. */
        public Builder<K, V> keys(Collection<K> only) {
            this.scope = VerificationScope.of(only);
            return this;
        }

        /** Looks only at the keys that an earlier verification of this repository found to differ. */
        public Builder<K, V> ofRun(long id) {
            this.scope = VerificationScope.ofRun(id);
            return this;
        }

        /**
         * Looks only at the keys that were written since an earlier verification of this repository began, on either side,
         * the root or a child of it, and at those that only one side has. To be exact: at every row whose transaction had not
         * ended when that verification began, whenever it had begun itself. What that verification looked at and found
         * does not matter, and what it left out is not made up for. Finding nothing that has changed is a match.
         *
         * <p>Each run has the server read every row of the tables once, each statement within {@link #timeout}; more than a
         * million keys end it with {@link Verdict#ERROR}. It does not see that a child row was removed, or has gone to another
         * parent, where nothing else of the root was written, nor rows of a partition that was attached, nor tables that the
         * stores do not name in {@code watchedTables}.
         *
         * <p>{@link #build()} does not look; {@link Verification#run()} throws a {@link ConfigurationException} if there is
         * no such verification of this repository, if it does not say where it began or is of another server or too old,
         * or if a store has no projection or names no tables.
         *
         * @param run the number of the earlier verification, in {@code changeover.verification}
         */
        public Builder<K, V> changedSince(long run) {
            this.scope = VerificationScope.changedSince(run);
            return this;
        }

        /** Looks at so many keys a second at most; 0 is no limit. Asked again and again while it runs. */
        public Builder<K, V> rate(LongSupplier keysPerSecond) {
            this.rate = keysPerSecond;
            return this;
        }

        /** Has this be so beside the rows, where everything is compared. */
        public Builder<K, V> invariant(Invariant invariant) {
            invariants.add(invariant);
            return this;
        }

        /** Keeps this many differing keys in {@code changeover.verification_key}, a million by default. */
        public Builder<K, V> kept(int keys) {
            require(keys > 0, "kept", keys);
            this.kept = keys;
            return this;
        }

        Builder<K, V> scope(VerificationScope<K> wanted) {
            this.scope = wanted;
            return this;
        }

        Builder<K, V> request(long id) {
            this.request = id;
            return this;
        }

        /** Compares this many keys of each side in one snapshot; without it, as many as take a quarter of a second. */
        public Builder<K, V> rangeSize(int keys) {
            require(keys > 0, "rangeSize", keys);
            this.rangeSize = keys;
            return this;
        }

        /** Lists this many differing keys in the result, 10,000 by default; the counts are exact in any case. */
        public Builder<K, V> listed(int keys) {
            require(keys > 0, "listed", keys);
            this.listed = keys;
            return this;
        }

        /** Looks again at marked keys at the end, this often and after this pause each time. */
        public Builder<K, V> recheck(int rounds, Duration pause) {
            require(rounds >= 0, "recheck", rounds);
            this.recheckRounds = rounds;
            this.recheckPause = pause;
            return this;
        }

        /** Ends a statement after this time, 30 seconds by default. */
        public Builder<K, V> timeout(Duration limit) {
            require(limit.toMillis() > 0, "timeout", limit);
            this.timeout = limit;
            return this;
        }

        /** Says that both sides may be without any key, which is otherwise no match. */
        public Builder<K, V> mayBeEmpty() {
            this.mayBeEmpty = true;
            return this;
        }

        /** Is told after each range how far it has come. */
        public Builder<K, V> progress(Consumer<VerificationProgress> listener) {
            this.progress = listener;
            return this;
        }

        /** Hands every divergence to this log, range by range. */
        public Builder<K, V> divergences(DivergenceLog log) {
            this.divergences = log;
            return this;
        }

        /** Takes the time from this clock. */
        public Builder<K, V> clock(Clock source) {
            this.clock = source;
            return this;
        }

        /** Builds the verification, which may run any number of times. */
        public Verification<K, V> build() {
            return new Verification<>(
                    dataSource,
                    repository,
                    new VerificationSettings<>(
                            mode,
                            scope,
                            rangeSize,
                            listed,
                            kept,
                            recheckRounds,
                            recheckPause,
                            timeout,
                            mayBeEmpty,
                            rate,
                            List.copyOf(invariants),
                            request,
                            progress,
                            divergences,
                            clock));
        }

        private void require(boolean right, String setting, Object value) {
            if (!right) {
                throw new ConfigurationException(
                        repository.name() + ".verification." + setting, "it is " + value, "Give more");
            }
        }
    }
}
