package dev.changeover.core.measure;

import dev.changeover.core.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the counters show at one moment; counters that are zero are left out. */
final class Snapshot {

    private final List<ComparisonCount> comparisons = new ArrayList<>();
    private final List<CallCount> calls = new ArrayList<>();

    Snapshot(Map<String, Map<String, OperationCounts>> repositories) {
        repositories.forEach((repository, operations) ->
                operations.forEach((operation, counts) -> add(repository, operation, counts)));
    }

    private void add(String repository, String operation, OperationCounts counts) {
        for (Source source : Source.values()) {
            ComparisonCount count = counts.comparisons(repository, operation, source);
            if (count.all() > 0) {
                comparisons.add(count);
            }
        }
        for (Side side : Side.values()) {
            CallCount count = counts.calls(repository, operation, side);
            if (count.calls() > 0) {
                calls.add(count);
            }
        }
    }

    Counts counts() {
        return new Counts(comparisons, calls);
    }
}
