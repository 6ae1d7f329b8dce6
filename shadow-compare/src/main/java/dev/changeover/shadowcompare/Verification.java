package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Side;
import dev.changeover.core.control.SqlTransaction;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
    private final VerificationSettings settings;

    private Verification(DataSource dataSource, ComparedRepository<K, V> repository, VerificationSettings settings) {
        this.dataSource = dataSource;
        this.repository = repository;
        this.settings = settings;
    }

    /** Starts the configuration; the connections are taken from here, one at a time. */
    public static <K, V> Builder<K, V> of(DataSource dataSource, ComparedRepository<K, V> repository) {
        return new Builder<>(dataSource, repository);
    }

    /** Compares everything. */
    public VerificationResult<K> run() {
        return run(() -> false);
    }

    /** Compares everything, unless it is told to stop between two ranges. */
    public VerificationResult<K> run(BooleanSupplier stop) {
        return new Run(stop).result();
    }

    /** One run, on the thread that asked for it. */
    private final class Run {
        private final BooleanSupplier stop;
        private final VerificationTally<K> tally = new VerificationTally<>(repository, settings.listed());
        private final List<String> errors = new ArrayList<>();
        private final Instant startedAt = settings.clock().instant();
        private final long estimated;
        private final VerificationRecord record = new VerificationRecord(dataSource, repository.name());
        private long looked;
        private boolean stopped;

        Run(BooleanSupplier stop) {
            this.stop = stop;
            this.estimated = estimate();
            record.begin(estimated);
        }

        VerificationResult<K> result() {
            try {
                ranges();
                recheckMarked();
            } catch (SQLException | RuntimeException e) {
                errors.add(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
            VerificationCounts counts = tally.counts();
            record.end(looked, verdict(counts), counts, tally.fields());
            return new VerificationResult<>(
                    repository.name(),
                    verdict(counts),
                    counts,
                    tally.fields(),
                    tally.listed(),
                    counts.diverged() - tally.listed().size(),
                    errors,
                    startedAt,
                    elapsed());
        }

        private Verdict verdict(VerificationCounts counts) {
            if (!errors.isEmpty()) {
                return Verdict.ERROR;
            }
            if (counts.diverged() > 0) {
                return Verdict.DIVERGED;
            }
            boolean nothing = counts.compared() == 0 && !settings.mayBeEmpty();
            return stopped || nothing || counts.marked() > 0 ? Verdict.INCOMPLETE : Verdict.MATCH;
        }

        private void ranges() throws SQLException {
            K after = null;
            do {
                stopped = stop.getAsBoolean();
                if (stopped) {
                    return;
                }
                after = range(after);
                record.progress(looked, tally.counts(), tally.fields());
                settings.progress().accept(new VerificationProgress(looked, estimated, elapsed()));
            } while (after != null);
        }

        /** Compares the next range and returns its end, or null if it was the last. */
        private @Nullable K range(@Nullable K after) throws SQLException {
            Seen<K> seen = SqlTransaction.snapshot(dataSource, connection -> {
                // the first read takes the snapshot of the whole range, and the stores set no limits of their own
                Control.read(connection, repository.name(), List.of(), settings.timeout());
                KeyRange<K> range = KeyRange.after(repository, connection, after, settings.rangeSize());
                return new Seen<>(
                        range.last(), KeyStates.read(repository, connection, range.keys(), settings.timeout()));
            });
            add(seen.states());
            return seen.last();
        }

        private void recheckMarked() throws SQLException {
            for (int round = 0; round < settings.recheckRounds() && tally.anyMarked(); round++) {
                stopped = stopped || stop.getAsBoolean();
                if (stopped) {
                    return;
                }
                LockSupport.parkNanos(settings.recheckPause().toNanos());
                recheck(tally.takeMarked());
            }
        }

        private void recheck(List<K> keys) throws SQLException {
            for (int from = 0; from < keys.size(); from += settings.rangeSize()) {
                List<K> part = keys.subList(from, Math.min(from + settings.rangeSize(), keys.size()));
                try {
                    add(SqlTransaction.snapshot(
                            dataSource,
                            connection -> KeyStates.read(repository, connection, part, settings.timeout())));
                } catch (SQLException | RuntimeException e) {
                    tally.putBack(keys.subList(from, keys.size()));
                    throw e;
                }
            }
        }

        private void add(KeyStates<K> states) {
            looked += states.keys().size();
            List<Divergence> found = tally.add(states, settings.clock().instant());
            if (!found.isEmpty()) {
                settings.divergences().add(found);
            }
        }

        private long estimate() {
            try {
                return SqlTransaction.snapshot(
                        dataSource,
                        connection -> Math.max(
                                repository.store(Side.LEGACY).estimatedCount(connection),
                                repository.store(Side.NEW).estimatedCount(connection)));
            } catch (SQLException | ChangeoverException e) {
                errors.add("estimate: " + e.getMessage());
                return 0;
            }
        }

        private Duration elapsed() {
            return Duration.between(startedAt, settings.clock().instant());
        }
    }

    private record Seen<K>(@Nullable K last, KeyStates<K> states) {}

    /**
     * Collects the settings of a verification.
     *
     * @param <K> the key
     * @param <V> the entity
     */
    public static final class Builder<K, V> {
        private final DataSource dataSource;
        private final ComparedRepository<K, V> repository;
        private int rangeSize = 1_000;
        private int listed = 10_000;
        private int recheckRounds = 10;
        private Duration recheckPause = Duration.ofMillis(500);
        private Duration timeout = Duration.ofSeconds(30);
        private boolean mayBeEmpty;
        private Consumer<VerificationProgress> progress = state -> {};
        private DivergenceLog divergences = DivergenceLog.NONE;
        private Clock clock = Clock.systemUTC();

        private Builder(DataSource dataSource, ComparedRepository<K, V> repository) {
            this.dataSource = dataSource;
            this.repository = repository;
        }

        /** Compares this many keys of each side in one snapshot, 1,000 by default. */
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
                    new VerificationSettings(
                            rangeSize,
                            listed,
                            recheckRounds,
                            recheckPause,
                            timeout,
                            mayBeEmpty,
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
