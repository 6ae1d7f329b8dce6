package dev.changeover.core.memory;

import dev.changeover.core.memory.InMemoryControl.Mark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one control keeps of one unit of work until it ends: fences, key locks, marks that nobody else sees yet. Guarded
 * by the lock of the control.
 */
final class UnitMarks implements InMemoryUnit.Restorable {

    /** A key of a repository that a unit has locked. */
    record Key(int repository, String text) {}

    final Set<Integer> fences = new HashSet<>();
    final Set<Key> locks = new HashSet<>();
    final List<Key> opened = new ArrayList<>();
    final List<Mark> set = new ArrayList<>();
    final Set<Long> cleared = new HashSet<>();

    @Override
    public Runnable savepoint() {
        List<Mark> setBefore = List.copyOf(set);
        Set<Long> clearedBefore = Set.copyOf(cleared);
        return () -> {
            set.retainAll(setBefore);
            cleared.retainAll(clearedBefore);
        };
    }

    @Override
    public void forget() {
        set.clear();
        cleared.clear();
    }

    void clear(List<Long> ids) {
        ids.forEach(id -> {
            if (!set.removeIf(mark -> mark.id() == id)) {
                cleared.add(id);
            }
        });
    }
}
