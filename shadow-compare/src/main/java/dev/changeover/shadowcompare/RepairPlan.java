package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import java.util.List;

/**
 * What a repair would change now.
 *
 * @param repository the name of the repository
 * @param authority the side that is right and is not touched
 * @param epoch the epoch of the stage that says so
 * @param changes the keys that differ now, with the fields that the follower would take over
 * @param marked keys that are marked already, and so on their way
 * @param equal keys that are equal by now
 * @param <K> the key
 */
public record RepairPlan<K>(
        String repository, Side authority, long epoch, List<KeyDivergence<K>> changes, List<K> marked, List<K> equal) {

    /** Keeps copies. */
    public RepairPlan {
        changes = List.copyOf(changes);
        marked = List.copyOf(marked);
        equal = List.copyOf(equal);
    }

    int looked() {
        return changes.size() + marked.size() + equal.size();
    }
}
