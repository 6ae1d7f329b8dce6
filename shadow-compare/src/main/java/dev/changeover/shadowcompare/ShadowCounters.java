package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.Outcome.Evidence;
import java.util.List;

/**
 * The counters of all shadow reads at one moment.
 *
 * @param operations one entry for each operation that was seen, by repository and name
 */
public record ShadowCounters(List<OperationCounts> operations) {

    /** Keeps a copy. */
    public ShadowCounters {
        operations = List.copyOf(operations);
    }

    /** Returns how often this outcome happened to any operation. */
    public long count(Outcome outcome) {
        return operations.stream().mapToLong(each -> each.count(outcome)).sum();
    }

    /** Returns how often this outcome happened to one operation. */
    public long count(String repository, String operation, Outcome outcome) {
        return operations.stream()
                .filter(each ->
                        each.repository().equals(repository) && each.operation().equals(operation))
                .mapToLong(each -> each.count(outcome))
                .sum();
    }

    /** Returns how many reads ended in an outcome of this worth. */
    public long count(Evidence evidence) {
        return operations.stream().mapToLong(each -> each.count(evidence)).sum();
    }
}
