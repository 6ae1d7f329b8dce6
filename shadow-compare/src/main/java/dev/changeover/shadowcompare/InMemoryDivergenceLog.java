package dev.changeover.shadowcompare;

import java.util.List;

/** Keeps groups of divergences in memory: for tests, and for a run whose report is written at its end. */
public final class InMemoryDivergenceLog implements DivergenceStore {
    private static final int SAMPLES = 5;

    private final DivergenceGroups groups = new DivergenceGroups(SAMPLES);

    /** Creates an empty log. */
    public InMemoryDivergenceLog() {}

    @Override
    public synchronized void add(List<Divergence> confirmed) {
        groups.addAll(confirmed);
    }

    @Override
    public synchronized List<DivergenceGroup> groups() {
        return groups.list();
    }
}
