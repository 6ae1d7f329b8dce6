package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.TransactionSettings.Propagation;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import dev.changeover.shadowcompare.KeyState.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Decides whether a suspected difference is one (G6). Marks, both sides' states and, if those agree, both sides'
 * answers to the read are taken from one snapshot, newer than the suspicion: in it, an authority that is ahead of its
 * follower shows the mark that says so. What no snapshot can decide is unconfirmed.
 */
final class Confirmation<K, V> {
    private final ComparedRepository<K, V> repository;
    private final Transactions transactions;
    private final TransactionSettings snapshot;
    private final Duration timeout;
    private final Clock clock;
    private final BooleanSupplier coin;

    Confirmation(ComparedRepository<K, V> repository, ShadowSettings settings) {
        this.repository = repository;
        this.transactions = settings.transactions();
        this.timeout = settings.deadline();
        this.clock = settings.clock();
        this.coin = settings.coin();
        this.snapshot = new TransactionSettings(
                Propagation.REQUIRED, Connection.TRANSACTION_REPEATABLE_READ, null, true, failure -> true);
    }

    /** Looks once. {@link Outcome#UNCONFIRMED} may be decided by another look at a later snapshot. */
    Finding look(ObservedRead read, ResultDifferences<K> suspected) throws Exception {
        Set<K> keys = new LinkedHashSet<>(suspected.byKey().keySet());
        if (read.key() != null) {
            keys.add(repository.keyType().decode(read.key()));
        }
        return transactions.required(snapshot, () -> {
            UnitOfWork unit = Objects.requireNonNull(transactions.current(), "required() left no active transaction");
            return look(unit.connection(), read, keys);
        });
    }

    private Finding look(Connection connection, ObservedRead read, Set<K> keys) throws SQLException {
        KeyStates<K> states = KeyStates.read(repository, connection, keys, timeout);
        if (!states.control().followed()) {
            return Finding.of(Outcome.UNCONFIRMED);
        }
        if (states.any(Status.DIFFERENT)) {
            return new Finding(Outcome.DIVERGED, divergences(read, states));
        }
        if (states.any(Status.MARKED)) {
            return Finding.of(Outcome.MARKED);
        }
        return states.any(Status.NOT_YET_BACKFILLED)
                ? Finding.of(Outcome.NOT_YET_BACKFILLED)
                : repeat(connection, read, states);
    }

    /** The stored states agree, so what is left is the way in which the sides read them. */
    private Finding repeat(Connection connection, ObservedRead read, KeyStates<K> states) throws SQLException {
        // the application's own read may well rely on row-level security
        execute(connection, "SET LOCAL row_security TO DEFAULT");
        Side authority = states.control().authority();
        // neither side always finds the pages that the other has warmed
        Side first = coin.getAsBoolean() ? authority : authority.other();
        Answer earlier = answer(connection, read, first);
        Answer later = answer(connection, read, first.other());
        Answer one = first == authority ? earlier : later;
        Answer other = first == authority ? later : earlier;
        if (one.unusable() || other.unusable()) {
            return Finding.of(Outcome.UNCONFIRMED);
        }
        ResultComparison<K, V> results = repository.results(read.operation());
        ResultDifferences<K> repeated = one.differences(results, other);
        if (!repeated.anyCounts()) {
            boolean accepted = !repeated.isEmpty() || states.any(Status.ACCEPTED);
            return Finding.of(accepted ? Outcome.ACCEPTED : Outcome.PASSED);
        }
        return repeatable(one, answer(connection, read, authority), results)
                ? judge(connection, read, states, repeated)
                : Finding.of(Outcome.UNSTABLE);
    }

    /** A read that differs from itself in one snapshot, by the clock or by chance, accuses nobody. */
    private static <K> boolean repeatable(Answer one, Answer again, ResultComparison<K, ?> results) {
        return !again.unusable() && one.differences(results, again).isEmpty();
    }

    private static Answer answer(Connection connection, ObservedRead read, Side side) throws SQLException {
        Savepoint before = connection.setSavepoint();
        Answer answer = Answer.of(read.task(side));
        // also where it returned: it may have swallowed a failure that would take the transaction with it
        connection.rollback(before);
        return answer;
    }

    private Finding judge(Connection connection, ObservedRead read, KeyStates<K> states, ResultDifferences<K> repeated)
            throws SQLException {
        if (!states.keys().keySet().containsAll(repeated.byKey().keySet())) {
            return look(connection, read, withNew(states.keys().keySet(), repeated));
        }
        Control control = states.control();
        if (read.kind() != ReadKind.KEYED && control.parentsOpen()) {
            return Finding.of(Outcome.UNCONFIRMED);
        }
        if (decidedByItsKeys(read, repeated) || (!control.anyMarks() && control.followerIsWhole())) {
            return new Finding(Outcome.DIVERGED, divergences(read, control, repeated));
        }
        return Finding.of(control.anyMarks() ? Outcome.UNCONFIRMED : Outcome.NOT_YET_BACKFILLED);
    }

    /** Which entities a query finds, and in what order, depends on all of them, and so on every mark. */
    private static boolean decidedByItsKeys(ObservedRead read, ResultDifferences<?> repeated) {
        return read.kind() == ReadKind.KEYED || (repeated.whole().isEmpty() && onlyValues(repeated));
    }

    private static boolean onlyValues(ResultDifferences<?> repeated) {
        return repeated.byKey().values().stream()
                .flatMap(List::stream)
                .filter(Difference::counts)
                .allMatch(each -> each.kind() == Kind.VALUE);
    }

    private Set<K> withNew(Set<K> known, ResultDifferences<K> repeated) {
        Set<K> all = new LinkedHashSet<>(known);
        all.addAll(repeated.byKey().keySet());
        return all;
    }

    private List<Divergence> divergences(ObservedRead read, KeyStates<K> states) {
        List<Divergence> found = new ArrayList<>();
        states.keys().forEach((key, state) -> {
            if (state.is(Status.DIFFERENT)) {
                add(read, states.control(), key, state.differences(), found);
            }
        });
        return found;
    }

    private List<Divergence> divergences(ObservedRead read, Control control, ResultDifferences<K> repeated) {
        List<Divergence> found = new ArrayList<>();
        repeated.byKey().forEach((key, differences) -> add(read, control, key, differences, found));
        repeated.whole().stream()
                .filter(Difference::counts)
                .forEach(each -> found.add(new Divergence(
                        repository.name(), read.operation(), read.key(), each, control.epoch(), clock.instant())));
        return found;
    }

    private void add(ObservedRead read, Control control, K key, List<Difference> differences, List<Divergence> found) {
        String text = repository.keyType().encode(key);
        differences.stream()
                .filter(Difference::counts)
                .forEach(each -> found.add(new Divergence(
                        repository.name(), read.operation(), text, each, control.epoch(), clock.instant())));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
