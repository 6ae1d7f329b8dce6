package dev.changeover.core.measure;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What was counted.
 *
 * @param comparisons comparisons by operation and source
 * @param calls calls by operation and side
 */
public record Counts(List<ComparisonCount> comparisons, List<CallCount> calls) {

    /** Copies the lists. */
    public Counts {
        comparisons = List.copyOf(comparisons);
        calls = List.copyOf(calls);
    }

    /** Tells whether there is nothing. */
    public boolean isEmpty() {
        return comparisons.isEmpty() && calls.isEmpty();
    }

    /**
     * Returns what was counted after the earlier of two looks at the same counters. The failure of a call may be seen one
     * look later than the call.
     */
    public Counts since(Counts earlier) {
        return new Counts(
                grown(
                        comparisons,
                        earlier.comparisons,
                        each -> List.of(each.repository(), each.operation(), each.source()),
                        ComparisonCount::minus,
                        ComparisonCount::all),
                grown(
                        calls,
                        earlier.calls,
                        each -> List.of(each.repository(), each.operation(), each.side()),
                        CallCount::minus,
                        each -> each.calls() + each.failures() + each.followed().calls()));
    }

    private static <T> List<T> grown(
            List<T> now,
            List<T> earlier,
            Function<T, List<Object>> of,
            BiFunction<T, T, T> minus,
            ToLongFunction<T> size) {
        Map<List<Object>, T> before = earlier.stream().collect(Collectors.toMap(of, each -> each));
        return now.stream()
                .map(each -> before.containsKey(of.apply(each)) ? minus.apply(each, before.get(of.apply(each))) : each)
                .filter(each -> size.applyAsLong(each) > 0)
                .toList();
    }
}
