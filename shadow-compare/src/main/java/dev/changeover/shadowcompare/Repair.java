package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.shadowcompare.KeyState.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/**
 * Brings differing keys back into line by marking them, so that the drain converges them by the one law of the copy. It
 * writes no data itself and never touches the authority.
 *
 * @param <K> the key
 * @param <V> the entity
 */
public final class Repair<K, V> {
    private static final int PART = 500;
    private static final int MOST_AT_ONCE = 100_000;
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** The fence refuses the marks if the side that is right has changed since it was looked at. */
    private static final String ENTER =
            "SELECT changeover.enter_copy((SELECT number FROM changeover.repository WHERE name = ?), ?, ?)";

    private static final String BEGINS = "SELECT changeover.repair_begins(?, ?, ?, ?, ?, ?, ?)";

    private static final String MARK =
            "SELECT changeover.mark((SELECT number FROM changeover.repository WHERE name = ?), ?, ?, 'REPAIR')";

    private final DataSource dataSource;
    private final ComparedRepository<K, V> repository;

    private Repair(DataSource dataSource, ComparedRepository<K, V> repository) {
        this.dataSource = dataSource;
        this.repository = repository;
    }

    /** Creates a repair that takes its connections from here. */
    public static <K, V> Repair<K, V> of(DataSource dataSource, ComparedRepository<K, V> repository) {
        return new Repair<>(dataSource, repository);
    }

    /** Looks at these keys again and says what would change, and changes nothing. */
    public RepairPlan<K> plan(Collection<K> keys) {
        return sql(() -> {
            Map<K, KeyState> states = new LinkedHashMap<>();
            Control control = look(keys, states);
            return plan(control, states);
        });
    }

    /**
     * Looks at the keys of a verification again and says what would change, and changes nothing. Of a verification that
     * was recorded these are all keys that it kept, as with {@link #planOfRun}.
     */
    public RepairPlan<K> plan(VerificationResult<K> result) {
        Long id = result.id();
        return id != null && result.more() > 0
                ? planOfRun(id)
                : plan(result.divergences().stream().map(KeyDivergence::key).toList());
    }

    /**
     * Looks again at the keys that a verification found to differ, the first 100,000 of them, and says what would change.
     *
     * @param verification its number in {@code changeover.verification}
     */
    public RepairPlan<K> planOfRun(long verification) {
        List<K> keys = sql(() -> SqlTransaction.snapshot(
                dataSource, connection -> FoundBefore.keys(connection, repository, verification, "", MOST_AT_ONCE)));
        return plan(keys);
    }

    /** The same as {@link #run(RepairPlan, String, String, Duration, BooleanSupplier)}, without a way to stop it. */
    public RepairResult<K> run(RepairPlan<K> plan, String actor, String reason, Duration patience) {
        return run(plan, actor, reason, patience, () -> false);
    }

    /**
     * Marks the keys of a plan and waits for the drain, then looks at all of them again. A key that is no longer as the
     * plan has it is left alone, and said to be. The keys are marked 500 at a time, each with a row of the history: where a
     * repair is killed, the history has the keys that were marked, and a new plan the others.
     *
     * @param actor who decides, for the history
     * @param reason why, for the history
     * @param patience how long to wait for the drain; what is marked stays marked after it
     * @param stop tells to stop between two looks; to interrupt the thread does the same
     * @throws ChangeoverException if the stage has changed since the plan was made
     */
    public RepairResult<K> run(
            RepairPlan<K> plan, String actor, String reason, Duration patience, BooleanSupplier stop) {
        return sql(() -> {
            List<K> keys = plan.changes().stream().map(KeyDivergence::key).toList();
            List<SkippedKey<K>> skipped = new ArrayList<>();
            List<K> unchanged = unchanged(plan, skipped);
            for (int from = 0; from < unchanged.size() && !stops(stop); from += PART) {
                List<K> part = unchanged.subList(from, Math.min(from + PART, unchanged.size()));
                SqlTransaction.readCommitted(dataSource, connection -> {
                    enter(connection, plan);
                    tell(connection, plan, part.size(), actor, reason);
                    mark(connection, plan, part);
                    return true;
                });
            }
            long until = System.nanoTime() + patience.toNanos();
            return await(plan, keys, skipped, () -> System.nanoTime() > until || stops(stop));
        });
    }

    /** Whoever is interrupted would not wait between two looks. */
    private static boolean stops(BooleanSupplier stop) {
        return stop.getAsBoolean() || Thread.currentThread().isInterrupted();
    }

    private List<K> unchanged(RepairPlan<K> plan, List<SkippedKey<K>> skipped) throws SQLException {
        Map<K, KeyState> states = new LinkedHashMap<>();
        look(plan.changes().stream().map(KeyDivergence::key).toList(), states);
        List<K> unchanged = new ArrayList<>();
        for (KeyDivergence<K> planned : plan.changes()) {
            KeyState now = Objects.requireNonNull(states.get(planned.key()));
            SkippedKey.Why why = SkippedKey.why(planned, now);
            if (why == null) {
                unchanged.add(planned.key());
            } else {
                skipped.add(new SkippedKey<>(planned.key(), why));
            }
        }
        return unchanged;
    }

    private void tell(Connection connection, RepairPlan<K> plan, int keys, String actor, String reason)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGINS)) {
            statement.setString(1, repository.name());
            statement.setString(2, plan.authority().name());
            statement.setLong(3, plan.epoch());
            statement.setString(
                    4, "of " + plan.looked() + " keys " + plan.changes().size() + " differed");
            statement.setLong(5, keys);
            statement.setString(6, actor);
            statement.setString(7, reason);
            statement.execute();
        }
    }

    private void enter(Connection connection, RepairPlan<K> plan) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ENTER)) {
            statement.setString(1, repository.name());
            statement.setString(2, plan.authority().other().name());
            statement.setLong(3, plan.epoch());
            statement.execute();
        }
    }

    private void mark(Connection connection, RepairPlan<K> plan, List<K> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            statement.setString(1, repository.name());
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            keys.stream().map(repository.keyType()::encode).toArray()));
            statement.setString(3, plan.authority().name());
            statement.execute();
        }
    }

    private RepairResult<K> await(RepairPlan<K> plan, List<K> keys, List<SkippedKey<K>> skipped, BooleanSupplier over)
            throws SQLException {
        while (true) {
            Map<K, KeyState> states = new LinkedHashMap<>();
            Control control = look(keys, states);
            RepairPlan<K> now = plan(control, states);
            if (now.marked().isEmpty() || over.getAsBoolean()) {
                return new RepairResult<>(plan, now.equal().size(), now.marked(), now.changes(), skipped);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Reads the keys part by part, each part in a snapshot of its own. */
    private Control look(Collection<K> keys, Map<K, KeyState> states) throws SQLException {
        List<K> all = List.copyOf(keys);
        Control control = null;
        for (int from = 0; from < all.size() || control == null; from += PART) {
            List<K> part = all.subList(Math.min(from, all.size()), Math.min(from + PART, all.size()));
            KeyStates<K> read = SqlTransaction.snapshot(
                    dataSource, connection -> KeyStates.read(repository, connection, part, STATEMENT_LIMIT));
            if (control != null && control.epoch() != read.control().epoch()) {
                throw new ChangeoverException(
                        repository.name() + ": the stage changed while its keys were read. Plan the repair again");
            }
            control = read.control();
            states.putAll(read.keys());
        }
        return control;
    }

    private RepairPlan<K> plan(Control control, Map<K, KeyState> states) {
        List<KeyDivergence<K>> changes = new ArrayList<>();
        List<K> marked = new ArrayList<>();
        List<K> equal = new ArrayList<>();
        states.forEach((key, state) -> {
            if (state.is(Status.MARKED)) {
                marked.add(key);
            } else if (state.is(Status.EQUAL) || state.is(Status.ACCEPTED)) {
                equal.add(key);
            } else {
                changes.add(new KeyDivergence<>(key, state.differences()));
            }
        });
        return new RepairPlan<>(repository.name(), control.authority(), control.epoch(), changes, marked, equal);
    }

    private static <T> T sql(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw new ChangeoverException("the repair failed: " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }
}
