package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.shadowcompare.internal.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compares two lists of entities by key; the position counts last, and only if the order matters. */
record EntityLists<K, V>(Function<? super V, ? extends K> key, StateComparison<V> states, boolean anyOrder) {

    ResultDifferences<K> compare(List<V> authority, List<V> follower) {
        if (inStep(authority, follower)) {
            return ResultDifferences.none();
        }
        Map<K, List<Placed<V>>> ones = byKey(authority);
        Map<K, List<Placed<V>>> others = byKey(follower);
        Map<K, List<Difference>> found = new LinkedHashMap<>();
        ones.forEach((each, placed) -> compareKey(each, placed, others.getOrDefault(each, List.of()), found));
        others.forEach((each, placed) -> {
            if (!ones.containsKey(each)) {
                compareKey(each, List.of(), placed, found);
            }
        });
        return new ResultDifferences<>(found, order(authority, follower, found));
    }

    private boolean inStep(List<V> a, List<V> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!keyOf(a, i).equals(keyOf(b, i))
                    || !states.differences(a.get(i), b.get(i)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Where an entity is missing the positions shift, which says nothing about the order. */
    private List<Difference> order(List<V> a, List<V> b, Map<K, List<Difference>> found) {
        if (anyOrder || a.size() != b.size()) {
            return List.of();
        }
        boolean sameKeys = found.values().stream()
                .flatMap(List::stream)
                .allMatch(each -> each.kind() == StateComparison.Kind.VALUE);
        for (int i = 0; sameKeys && i < a.size(); i++) {
            if (!keyOf(a, i).equals(keyOf(b, i))) {
                return List.of(Shown.order(""));
            }
        }
        return List.of();
    }

    private K keyOf(List<V> entities, int index) {
        return key.apply(entities.get(index));
    }

    private Map<K, List<Placed<V>>> byKey(List<V> entities) {
        Map<K, List<Placed<V>>> result = new LinkedHashMap<>();
        for (int i = 0; i < entities.size(); i++) {
            result.computeIfAbsent(keyOf(entities, i), k -> new ArrayList<>(1)).add(new Placed<>(i, entities.get(i)));
        }
        return result;
    }

    private void compareKey(K each, List<Placed<V>> a, List<Placed<V>> b, Map<K, List<Difference>> found) {
        List<Difference> all = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            Placed<V> one = i < a.size() ? a.get(i) : null;
            Placed<V> other = i < b.size() ? b.get(i) : null;
            all.addAll(compareOne(one, other));
        }
        if (!all.isEmpty()) {
            found.put(each, all);
        }
    }

    private List<Difference> compareOne(@Nullable Placed<V> one, @Nullable Placed<V> other) {
        if (one == null) {
            return other == null ? List.of() : List.of(Shown.extra(other.path(), other.entity(), false));
        }
        if (other == null) {
            return List.of(Shown.missing(one.path(), one.entity(), false));
        }
        return states.differences(one.entity(), other.entity()).stream()
                .map(one::within)
                .toList();
    }

    private record Placed<V>(int index, V entity) {
        String path() {
            return "[" + index + "]";
        }

        Difference within(Difference inner) {
            String at = inner.path().isEmpty() ? path() : path() + "." + inner.path();
            return inner.at(at);
        }
    }
}
