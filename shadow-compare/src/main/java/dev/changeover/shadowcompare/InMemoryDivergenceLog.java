package dev.changeover.shadowcompare;

import java.util.List;
import java.util.Map;

/**
 * Keeps groups of divergences in memory: for tests, and for a run whose report is written at its end. At most 1,000
 * groups; what would be one more is counted as shed.
 */
public final class InMemoryDivergenceLog implements DivergenceStore {
    private final DivergenceGroups groups = new DivergenceGroups(DivergenceGroups.MOST, DivergenceGroups.atRandom());

    /** Creates an empty log. */
    public InMemoryDivergenceLog() {}

    @Override
    public synchronized void add(List<Divergence> confirmed) {
        confirmed.forEach(each -> groups.add(GroupId.of(each), each));
    }

    @Override
    public synchronized List<DivergenceGroup> groups() {
        return groups.list();
    }

    @Override
    public synchronized Map<String, Long> shed() {
        return groups.shedCounts();
    }
}
