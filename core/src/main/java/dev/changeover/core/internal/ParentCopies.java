package dev.changeover.core.internal;

import dev.changeover.core.Side;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.FollowerLimits;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies the marked parents that the rows of a child name, inside the follower's part of the child's write and before
 * the child, by the same law: fence and key lock, then the state, then the copy; the marks go with the child's. Parents
 * of parents come first. A parent that the authority does not have is left to the drain: its removal would not help the
 * child, and nobody's write should remove what it did not touch.
 */
final class ParentCopies {

    private final Control control;
    private final Function<String, @Nullable Sides<?, ?, ?>> repositories;

    /** @param repositories finds what is built here, by name */
    ParentCopies(Control control, Function<String, @Nullable Sides<?, ?, ?>> repositories) {
        this.control = control;
        this.repositories = repositories;
    }

    /** What was copied: it must be closed together with the child. */
    record Copied(int keys, List<Long> marks, List<String> deferredConstraints) {}

    /** Copies what the states of a child name; the follower's part of the child is open. */
    <V> Copied copy(
            FollowerPart.Followed<?, ?> write,
            Sides<?, ?, V> child,
            Collection<V> states,
            FollowerLimits limits,
            Deadline deadline)
            throws SQLException {
        Round round = new Round(write.connection(), write.authority(), UnitLedger.of(write.unit()), limits, deadline);
        round.parentsOf(child, states);
        return new Copied(round.copied, round.marks, List.copyOf(round.constraints));
    }

    /** The copies before one child. */
    private final class Round {

        private final Connection connection;
        private final Side right;
        private final UnitLedger ledger;
        private final FollowerLimits limits;
        private final Deadline deadline;
        private final Set<String> seen = new HashSet<>();
        private final List<Long> marks = new ArrayList<>();
        private final Set<String> constraints = new LinkedHashSet<>();
        private int copied;

        Round(Connection connection, Side right, UnitLedger ledger, FollowerLimits limits, Deadline deadline) {
            this.connection = connection;
            this.right = right;
            this.ledger = ledger;
            this.limits = limits;
            this.deadline = deadline;
        }

        <V> void parentsOf(Sides<?, ?, V> child, Collection<V> states) throws SQLException {
            for (ParentKey<V> parent : child.parents()) {
                Sides<?, ?, ?> sides = repositories.apply(parent.repository());
                if (sides != null) {
                    copyMarked(sides, parent.of(states));
                }
            }
        }

        private <K, V> void copyMarked(Sides<?, K, V> sides, Set<Object> named) throws SQLException {
            List<String> keys = unseen(sides, named);
            Map<String, List<Long>> marked = keys.isEmpty() ? Map.of() : lockMarked(sides, keys);
            if (marked.isEmpty()) {
                return;
            }
            deadline.check();
            List<K> locked =
                    marked.keySet().stream().map(sides.keyType()::decode).toList();
            Map<K, V> states = sides.store(right).find(connection, locked);
            parentsOf(sides, states.values());
            deadline.check();
            new Law<>(sides).write(connection, right.other(), states.keySet(), states);
            states.keySet().forEach(key -> marks.addAll(marked.getOrDefault(sides.encodeNullable(key), List.of())));
            constraints.addAll(control.deferredConstraints(
                    connection, sides.store(right.other()).tables()));
            copied += states.size();
            deadline.check();
        }

        /** A row may refer to itself, and rows to each other. */
        private <K> List<String> unseen(Sides<?, K, ?> sides, Set<Object> named) {
            List<K> keys = named.stream().map(sides.keyType().javaType()::cast).toList();
            return sides.encode(keys).stream()
                    .filter(key -> seen.add(sides.number() + ":" + key))
                    .toList();
        }

        /** Counts all keys before and those that were locked after, since the lock table is of fixed size. */
        private Map<String, List<Long>> lockMarked(Sides<?, ?, ?> sides, List<String> keys) throws SQLException {
            boolean fits = ledger.countKeys(keys.size()) <= FollowerPart.MOST_KEYS;
            Map<String, List<Long>> marked =
                    fits ? control.openParents(connection, sides.number(), keys, right.other(), limits) : Map.of();
            ledger.countKeys(marked.size() - keys.size());
            return marked;
        }
    }
}
