package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Children that a declared key tells apart. Their order does not matter; two with one key are compared in turn. */
record KeyedTree(Function<Object, Object> key, ValueComparison element, boolean safe) implements ValueComparison {

    @Override
    public boolean same(@Nullable Object authority, @Nullable Object follower) {
        if (authority instanceof Collection<?> a && follower instanceof Collection<?> b) {
            return a == b || (a.size() == b.size() && (inStep(a, b) || sameByKey(group(a), group(b))));
        }
        return authority == follower;
    }

    /** Both sides mostly deliver the children in one order, and then nothing need be allocated. */
    private boolean inStep(Collection<?> a, Collection<?> b) {
        if (!(a instanceof RandomAccess) || !(b instanceof RandomAccess)) {
            return false;
        }
        List<?> ones = (List<?>) a;
        List<?> others = (List<?>) b;
        for (int i = 0; i < ones.size(); i++) {
            Object one = ones.get(i);
            Object other = others.get(i);
            if (one == null || other == null || !key.apply(one).equals(key.apply(other)) || !element.same(one, other)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameByKey(Map<Object, List<Object>> a, Map<Object, List<Object>> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream().allMatch(entry -> sameInTurn(entry.getValue(), b.get(entry.getKey())));
    }

    private boolean sameInTurn(List<Object> a, @Nullable List<Object> b) {
        return b != null && a.size() == b.size() && ListTree.inStep(element, a, b);
    }

    private Map<Object, List<Object>> group(Collection<?> elements) {
        Map<Object, List<Object>> groups = new LinkedHashMap<>();
        for (Object each : elements) {
            groups.computeIfAbsent(key.apply(each), k -> new ArrayList<>(1)).add(each);
        }
        return groups;
    }

    @Override
    public void explain(
            String path,
            @Nullable Object authority,
            @Nullable Object follower,
            Consumer<? super Difference> differences) {
        if (!(authority instanceof Collection<?> a) || !(follower instanceof Collection<?> b)) {
            differences.accept(Shown.value(path, authority, follower, safe));
            return;
        }
        Map<Object, List<Object>> ones = group(a);
        Map<Object, List<Object>> others = group(b);
        Set<Object> keys = new LinkedHashSet<>(ones.keySet());
        keys.addAll(others.keySet());
        for (Object each : keys) {
            explainKey(
                    path + "[" + each + "]",
                    ones.getOrDefault(each, List.of()),
                    others.getOrDefault(each, List.of()),
                    differences);
        }
    }

    private void explainKey(String at, List<Object> a, List<Object> b, Consumer<? super Difference> differences) {
        int both = Math.min(a.size(), b.size());
        for (int i = 0; i < both; i++) {
            if (!element.same(a.get(i), b.get(i))) {
                element.explain(at, a.get(i), b.get(i), differences);
            }
        }
        a.subList(both, a.size()).forEach(one -> differences.accept(Shown.missing(at, one, safe)));
        b.subList(both, b.size()).forEach(other -> differences.accept(Shown.extra(at, other, safe)));
    }

    @Override
    public void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown) {
        if (!(value instanceof Collection<?> elements) || elements.isEmpty()) {
            shown.accept(path, Shown.of(value, safe));
            return;
        }
        for (Object each : elements) {
            element.show(path + "[" + key.apply(each) + "]", each, shown);
        }
    }
}
