package dev.changeover.shadowcompare;

import java.util.List;

/** A log that can be asked what it took. */
public interface DivergenceStore extends DivergenceLog {

    /** Returns all divergences, grouped, in the order in which the groups were first seen. */
    List<DivergenceGroup> groups();
}
