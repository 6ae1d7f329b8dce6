package dev.changeover.core.memory;

import dev.changeover.core.Side;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.memory.InMemoryControl.Mark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Marks, and the units of work that hold fences and keys. Guarded by the lock of the control. */
final class MarkBook {

    private final Map<Long, Mark> committed = new LinkedHashMap<>();
    private final List<UnitMarks> units = new ArrayList<>();
    private long last;

    UnitMarks begin() {
        UnitMarks unit = new UnitMarks();
        units.add(unit);
        return unit;
    }

    void end(UnitMarks unit, boolean commits) {
        units.remove(unit);
        if (commits) {
            committed.keySet().removeAll(unit.cleared);
            unit.set.forEach(mark -> committed.put(mark.id(), mark));
        }
    }

    boolean fenced(int repository) {
        return units.stream().anyMatch(unit -> unit.fences.contains(repository));
    }

    /** Returns what a unit sees: what is committed, what it has set, without what it has cleared. */
    List<Mark> visible(UnitMarks unit, int repository) {
        List<Mark> seen = new ArrayList<>(committed.values());
        seen.removeIf(mark -> unit.cleared.contains(mark.id()));
        seen.addAll(unit.set);
        seen.removeIf(mark -> mark.repository() != repository);
        return seen;
    }

    List<Mark> of(int repository) {
        return visible(new UnitMarks(), repository);
    }

    void forget(int repository) {
        committed.values().removeIf(mark -> mark.repository() == repository);
    }

    void mark(UnitMarks unit, int repository, List<String> keys, Side right, String reason) {
        keys.forEach(key -> unit.set.add(new Mark(++last, repository, key, right, reason)));
    }

    boolean free(UnitMarks unit, List<UnitMarks.Key> keys) {
        return units.stream()
                .filter(other -> other != unit)
                .noneMatch(other -> keys.stream().anyMatch(other.locks::contains));
    }

    OpenedFollower open(UnitMarks unit, int repository, List<UnitMarks.Key> keys) {
        unit.opened.clear();
        keys.stream().filter(unit.locks::add).forEach(unit.opened::add);
        List<Mark> seen = visible(unit, repository).stream()
                .filter(mark -> keys.contains(new UnitMarks.Key(repository, mark.key())))
                .toList();
        return new OpenedFollower(true, seen.stream().map(Mark::id).toList(), !unit.set.containsAll(seen), List.of());
    }
}
