package dev.changeover.shadowcompare;

import java.util.Map;

/**
 * How often each outcome happened to one operation.
 *
 * @param repository the name of the repository
 * @param operation the name of the operation
 * @param counts the outcomes; one that is not among them never happened
 */
public record OperationCounts(String repository, String operation, Map<Outcome, Long> counts) {

    /** Keeps a copy. */
    public OperationCounts {
        counts = Map.copyOf(counts);
    }

    /** Returns how often this outcome happened. */
    public long count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }
}
