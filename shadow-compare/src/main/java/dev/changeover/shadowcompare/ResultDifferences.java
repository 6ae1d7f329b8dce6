package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import java.util.ArrayList;
import java.util.HashMap;
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

    /** Returns one difference that belongs to no entity. */
    static <K> ResultDifferences<K> of(Difference one) {
        return new ResultDifferences<>(Map.of(), List.of(one));
    }

    /** Returns what differs in several parts of one result. */
    static <K> ResultDifferences<K> joined(List<ResultDifferences<K>> parts) {
        List<ResultDifferences<K>> found =
                parts.stream().filter(each -> !each.isEmpty()).toList();
        if (found.size() <= 1) {
            return found.isEmpty() ? none() : found.get(0);
        }
        Map<K, List<Difference>> keys = new HashMap<>();
        List<Difference> rest = new ArrayList<>();
        for (ResultDifferences<K> each : found) {
            each.byKey.forEach((key, differences) ->
                    keys.computeIfAbsent(key, k -> new ArrayList<>()).addAll(differences));
            rest.addAll(each.whole);
        }
        return new ResultDifferences<>(keys, rest);
    }

    /** Returns these differences as those of a part of the result. */
    ResultDifferences<K> within(String place) {
        if (isEmpty()) {
            return this;
        }
        Map<K, List<Difference>> keys = new HashMap<>();
        byKey.forEach((key, differences) -> keys.put(key, placed(place, differences)));
        return new ResultDifferences<>(keys, placed(place, whole));
    }

    private static List<Difference> placed(String place, List<Difference> differences) {
        return differences.stream()
                .map(each -> each.at(joined(place, each.path())))
                .toList();
    }

    private static String joined(String place, String path) {
        return path.isEmpty() || path.startsWith("[") ? place + path : place + "." + path;
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
