package dev.changeover.examples.journal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The notes of one unit of work; used by one thread. */
public final class UnitJournal {

    private final Journal journal;
    private final String unit;
    private final List<Write> writes = new ArrayList<>();

    UnitJournal(Journal journal, long unit) {
        this.journal = journal;
        this.unit = Long.toString(unit);
    }

    /** Notes a write before it is done: in a lasting journal no write can be in the database and not here. */
    public Write intend(Write.Kind kind, String repository, @Nullable String key, State after) {
        Write write = new Write(journal.nextWrite(), kind, repository, key, after);
        journal.append("I", unit, number(write), kind.name(), repository, key == null ? "?" : key, text(after));
        journal.settle();
        return write;
    }

    /** Notes what the repository answered; a key that only the answer tells is on disk before the unit can commit. */
    public void answered(Write intended, String key, State after) {
        Write write = intended.answered(key, after);
        journal.append("W", unit, number(write), key, text(after));
        if (intended.key() == null) {
            journal.settle();
        }
        writes.add(write);
    }

    /** Returns how many writes were answered so far. */
    public int answers() {
        return writes.size();
    }

    /** Notes that the caller's savepoint undid what was answered after the first {@code kept} writes. */
    public void undone(int kept) {
        List<Write> tail = writes.subList(kept, writes.size());
        tail.forEach(write -> journal.append("X", unit, number(write)));
        journal.settle();
        tail.clear();
    }

    /** Notes that the unit was acknowledged, and returns the writes that are in it; the caller is told after that. */
    public List<Write> acknowledged() {
        journal.append("C", unit);
        journal.settle();
        return List.copyOf(writes);
    }

    /** Notes that nothing of the unit is there. */
    public void rolledBack() {
        journal.append("R", unit);
    }

    /** Notes that the unit was refused: nothing of it is there. */
    public void refused() {
        journal.append("D", unit);
    }

    /** Notes that the unit may be there or not. */
    public void unknown() {
        journal.append("U", unit);
    }

    private static String number(Write write) {
        return Long.toString(write.number());
    }

    private static String text(State state) {
        return state.json() == null ? "-" : state.json();
    }
}
