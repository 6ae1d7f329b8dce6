package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import java.util.List;
import java.util.Map;

/**
 * What differs between two results of one operation.
 *
 * @param byKey the differences of single entities, by key; an entity that one result lacks is among them
 * @param whole the differences that belong to no entity: order, totals, numbers, values without a key
 * @param <K> the key
 */
public record ResultDifferences<K>(Map<K, List<Difference>> byKey, List<Difference> whole) {

    private static final ResultDifferences<?> NONE = new ResultDifferences<>(Map.of(), List.of());

    /** Keeps copies. */
    public ResultDifferences {
        byKey = Map.copyOf(byKey);
        whole = List.copyOf(whole);
    }

    /** Returns the result of comparing equal results; always the same object. */
    @SuppressWarnings("unchecked")
    public static <K> ResultDifferences<K> none() {
        return (ResultDifferences<K>) NONE;
    }

    /** Tells whether anything differs that nobody accepts. */
    boolean anyCounts() {
        return Difference.anyCounts(whole) || byKey.values().stream().anyMatch(Difference::anyCounts);
    }

    /** Tells whether nothing differs. */
    public boolean isEmpty() {
        return byKey.isEmpty() && whole.isEmpty();
    }
}
