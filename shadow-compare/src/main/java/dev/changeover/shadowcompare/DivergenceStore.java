package dev.changeover.shadowcompare;

import java.util.List;
import java.util.Map;

/** A log that can be asked what it took. */
public interface DivergenceStore extends DivergenceLog {

    /** Returns all divergences, grouped, in the order in which the groups were first seen. */
    List<DivergenceGroup> groups();

    /**
     * Returns by repository how many differences were confirmed but not kept apart, because there were too many groups.
     * They are in no group and count as unconfirmed. A repository that is not named has none.
     */
    Map<String, Long> shed();
}
