package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Side;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One run of a verification, on the thread that asked for it. */
final class VerificationRun<K, V> {
    private static final int JUDGED_AT_ONCE = 1_000;
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final DataSource dataSource;
    private final ComparedRepository<K, V> repository;
    private final VerificationSettings<K> settings;
    private final VerificationScope<K> scope;
    private final VerificationMode mode;
    private final BooleanSupplier stop;
    private final FoundKeys found;
    private final VerificationTally<K> tally;
    private final VerificationRecord<K> record;
    private final Invariants invariants;
    private final List<String> errors = new ArrayList<>();
    private final Instant startedAt;
    private long estimated;
    private long looked;
    private @Nullable K position;
    private boolean walked;
    private boolean stopped;

    /** Begins a new one, or takes an earlier one up. */
    VerificationRun(
            DataSource dataSource,
            ComparedRepository<K, V> repository,
            VerificationSettings<K> settings,
            BooleanSupplier stop,
            @Nullable Long earlier) {
        this.dataSource = dataSource;
        this.repository = repository;
        this.settings = settings;
        this.stop = stop;
        this.startedAt = settings.clock().instant();
        this.found = new FoundKeys(settings.kept());
        this.tally = new VerificationTally<>(repository, settings.listed(), found);
        this.record = new VerificationRecord<>(dataSource, repository.name(), repository.keyType());
        if (earlier == null) {
            scope = settings.scope();
            requireSearchable();
            mode = mode();
            estimated = estimate();
            record.begin(mode, scope, estimated, settings.request());
        } else {
            VerificationRecord.Restored<K> restored = record.takeUp(earlier);
            scope = restored.scope();
            mode = restored.mode();
            restore(restored);
        }
        this.invariants =
                new Invariants(dataSource, repository.name(), scope.whole() ? settings.invariants() : List.of());
    }

    private void restore(VerificationRecord.Restored<K> state) {
        estimated = state.estimated();
        looked = state.looked();
        position = state.position();
        walked = state.walked();
        tally.restore(state);
        found.restore(state.kept(), state.surplus());
    }

    /** What cannot be searched for is refused before there is a record of it. */
    private void requireSearchable() {
        Long since = scope.changedSince();
        if (since == null) {
            return;
        }
        try {
            SqlTransaction.snapshot(dataSource, connection -> ChangedKeys.require(repository, connection, since));
        } catch (SQLException e) {
            throw new ChangeoverException("verification " + since + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Keys that are listed or drawn are few, and read one by one. */
    private VerificationMode mode() {
        if (!scope.listsNothing() || scope.percent() != null) {
            return VerificationMode.JAVA;
        }
        if (settings.mode() != VerificationMode.AUTO) {
            return settings.mode();
        }
        return ProjectedSides.possible(repository) ? VerificationMode.JOIN : VerificationMode.JAVA;
    }

    VerificationResult<K> result() {
        try {
            walk();
            recheckMarked();
            if (!stopped) {
                invariants.judge(settings, this::stops);
            }
        } catch (SQLException | RuntimeException e) {
            errors.add(e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (Error e) {
            errors.add(e.getClass().getSimpleName() + ": " + e.getMessage());
            ended();
            throw e;
        }
        return ended();
    }

    private VerificationResult<K> ended() {
        boolean interrupted = Thread.interrupted();
        VerificationCounts counts = tally.counts();
        Verdict verdict = verdict(counts);
        record.end(state(), verdict);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new VerificationResult<>(
                record.id(),
                repository.name(),
                mode,
                verdict,
                counts,
                tally.fields(),
                tally.forgiven(),
                invariants.results(),
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
        if (counts.diverged() > 0 || invariants.any(InvariantResult.State.BROKEN)) {
            return Verdict.DIVERGED;
        }
        // a search that went through both sides and found no change has compared something
        boolean nothing = counts.compared() == 0 && !settings.mayBeEmpty() && scope.changedSince() == null;
        boolean open = stopped || !walked || nothing || counts.marked() > 0;
        return open || invariants.any(InvariantResult.State.NOT_JUDGED) ? Verdict.INCOMPLETE : Verdict.MATCH;
    }

    private VerificationRecord.State<K> state() {
        return new VerificationRecord.State<>(
                looked, position, walked, tally.counts(), tally.fields(), tally.forgiven(), found);
    }

    private void walk() throws SQLException {
        if (walked) {
            return;
        }
        Parts<K> parts = parts();
        RangeSize size = new RangeSize(settings.rangeSize(), parts.most());
        firstKey();
        while (!walked && !stops()) {
            long began = System.nanoTime();
            long before = looked;
            int keys = size.next(rate());
            range(parts, keys);
            size.took(keys, System.nanoTime() - began);
            settings.progress().accept(new VerificationProgress(looked, estimated, elapsed()));
            record.progress(state());
            pace(looked - before, began);
        }
    }

    /** A range begins behind a key, so the first of a span is looked at by itself. */
    private void firstKey() throws SQLException {
        K from = scope.from();
        if (from != null && position == null) {
            recheck(List.of(from));
            position = from;
            K to = scope.to();
            walked = to != null && repository.keyType().order().compare(from, to) >= 0;
        }
    }

    private Parts<K> parts() throws SQLException {
        Long since = scope.changedSince();
        if (since != null) {
            return new ListedKeys<>(repository, VerificationScope.of(changed(since)));
        }
        if (!scope.listsNothing()) {
            return new ListedKeys<>(repository, scope);
        }
        if (mode == VerificationMode.JAVA) {
            return new WalkedKeys<>(repository, scope);
        }
        boolean span = scope.from() != null || scope.to() != null;
        ProjectedSides sides =
                SqlTransaction.snapshot(dataSource, connection -> ProjectedSides.read(repository, connection, !span));
        return mode == VerificationMode.JOIN
                ? new JoinedKeys<>(repository, scope, sides)
                : new ChecksummedKeys<>(repository, scope, sides);
    }

    /** Searched for once. What changes later has changed since this verification began, so one since this finds it. */
    private List<K> changed(long since) throws SQLException {
        List<K> keys = SqlTransaction.snapshot(
                dataSource, connection -> new ChangedKeys<>(repository, connection, settings.timeout()).since(since));
        estimated = keys.size();
        return keys;
    }

    /** Compares the next range in one snapshot of marks and both sides. */
    private void range(Parts<K> parts, int size) throws SQLException {
        Seen<K> seen = SqlTransaction.snapshot(dataSource, connection -> {
            // the first read takes the snapshot of the whole range, and the stores set no limits of their own
            Control control = Control.read(connection, repository.name(), List.of(), settings.timeout());
            if (mode != VerificationMode.JAVA) {
                planForRanges(connection);
            }
            Part<K> part = parts.next(connection, control, position, size);
            return new Seen<>(part, judged(connection, part.suspects()));
        });
        seen.states().forEach(this::add);
        tally.addClean(seen.part().clean());
        looked += seen.part().clean();
        K last = seen.part().last();
        walked = last == null;
        if (last != null) {
            position = last;
        }
    }

    /** A plan for any range would be one for a guess at its size, and compiling it takes longer than running it. */
    private static void planForRanges(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
                    + " set_config('jit', 'off', true)");
        }
    }

    private List<KeyStates<K>> judged(Connection connection, Collection<K> suspects) throws SQLException {
        List<K> keys = List.copyOf(suspects);
        List<KeyStates<K>> states = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += JUDGED_AT_ONCE) {
            List<K> part = keys.subList(from, Math.min(from + JUDGED_AT_ONCE, keys.size()));
            states.add(KeyStates.read(repository, connection, part, settings.timeout()));
        }
        return states;
    }

    private void recheckMarked() throws SQLException {
        for (int round = 0; round < settings.recheckRounds() && walked && tally.anyMarked(); round++) {
            if (stops()) {
                return;
            }
            LockSupport.parkNanos(settings.recheckPause().toNanos());
            List<K> keys = tally.takeMarked();
            for (int from = 0; from < keys.size(); from += JUDGED_AT_ONCE) {
                try {
                    recheck(keys.subList(from, Math.min(from + JUDGED_AT_ONCE, keys.size())));
                } catch (SQLException | RuntimeException e) {
                    tally.putBack(keys.subList(from, keys.size()));
                    throw e;
                }
            }
        }
    }

    private void recheck(List<K> keys) throws SQLException {
        KeyStates<K> states = SqlTransaction.snapshot(
                dataSource, connection -> KeyStates.read(repository, connection, keys, settings.timeout()));
        tally.lookedAgain(keys);
        add(states);
    }

    private void add(KeyStates<K> states) {
        looked += states.keys().size();
        List<Divergence> divergences = tally.add(states, settings.clock().instant());
        if (!divergences.isEmpty()) {
            settings.divergences().add(divergences);
        }
    }

    private boolean stops() {
        stopped = stopped || stop.getAsBoolean() || Thread.currentThread().isInterrupted() || record.lost();
        return stopped;
    }

    /** What somebody says while it runs goes before the setting. */
    private long rate() {
        Long said = record.rate();
        return said == null ? settings.rate().getAsLong() : said;
    }

    /** Waits until so many keys may be looked at; a rate that is changed meanwhile counts at once. */
    private void pace(long keys, long began) {
        long rate = rate();
        while (rate > 0 && System.nanoTime() - began < keys * 1e9 / rate && !stops()) {
            LockSupport.parkNanos(NAP_NANOS);
            record.progress(state());
            rate = rate();
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

    private record Seen<K>(Part<K> part, List<KeyStates<K>> states) {}
}
