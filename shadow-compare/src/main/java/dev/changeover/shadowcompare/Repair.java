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
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** The fence refuses the marks if the side that is right has changed since it was looked at. */
    private static final String ENTER =
            "SELECT changeover.enter_copy((SELECT number FROM changeover.repository WHERE name = ?), ?, ?)";

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

    /** Looks at the keys of a verification again and says what would change, and changes nothing. */
    public RepairPlan<K> plan(VerificationResult<K> result) {
        return plan(result.divergences().stream().map(KeyDivergence::key).toList());
    }

    /**
     * Marks the keys of a plan and waits for the drain.
     *
     * @param patience how long to wait for the drain; what is marked stays marked after it
     * @throws ChangeoverException if the stage has changed since the plan was made
     */
    public RepairResult<K> run(RepairPlan<K> plan, Duration patience) {
        return run(plan, patience, () -> false);
    }

    /**
     * Marks the keys of a plan and waits for the drain, unless it is told to stop between two looks.
     *
     * @param patience how long to wait for the drain; what is marked stays marked after it
     * @throws ChangeoverException if the stage has changed since the plan was made
     */
    public RepairResult<K> run(RepairPlan<K> plan, Duration patience, BooleanSupplier stop) {
        return sql(() -> {
            List<K> keys = plan.changes().stream().map(KeyDivergence::key).toList();
            for (int from = 0; from < keys.size() && !stop.getAsBoolean(); from += PART) {
                mark(plan, keys.subList(from, Math.min(from + PART, keys.size())));
            }
            long until = System.nanoTime() + patience.toNanos();
            return await(plan, keys, () -> System.nanoTime() > until || stop.getAsBoolean());
        });
    }

    private void mark(RepairPlan<K> plan, List<K> keys) throws SQLException {
        SqlTransaction.readCommitted(dataSource, connection -> {
            enter(connection, plan);
            mark(connection, plan, keys);
            return true;
        });
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

    private RepairResult<K> await(RepairPlan<K> plan, List<K> keys, BooleanSupplier over) throws SQLException {
        while (true) {
            Map<K, KeyState> states = new LinkedHashMap<>();
            Control control = look(keys, states);
            RepairPlan<K> now = plan(control, states);
            if (now.marked().isEmpty() || over.getAsBoolean()) {
                return new RepairResult<>(plan, now.equal().size(), now.marked(), now.changes());
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
