package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.Outcome.Evidence;
import java.util.Map;

/**
 * How often each outcome happened to one operation.
 *
 * @param repository the name of the repository
 * @param operation the name of the operation
 * @param counts the outcomes; one that is not among them never happened
 * @param noise how often it differed from itself
 */
public record OperationCounts(String repository, String operation, Map<Outcome, Long> counts, NoiseFloor noise) {

    /** Counts of an operation that was never asked twice. */
    public OperationCounts(String repository, String operation, Map<Outcome, Long> counts) {
        this(repository, operation, counts, NoiseFloor.NONE);
    }

    /** Keeps a copy. */
    public OperationCounts {
        counts = Map.copyOf(counts);
    }

    /** Returns how often this outcome happened. */
    public long count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** Returns how many reads ended in an outcome of this worth. */
    public long count(Evidence evidence) {
        return counts.entrySet().stream()
                .filter(each -> each.getKey().evidence() == evidence)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
