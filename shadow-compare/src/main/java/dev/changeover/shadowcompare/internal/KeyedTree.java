package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Children that a declared key tells apart. Their order does not matter; two with one key are compared in turn. Absent
 * ones have the key null.
 *
 * @param key returns the key of a child
 * @param element compares two children
 * @param safe whether children may be shown
 * @param open the fields of a child that may be shown: a key that is the value of one of them is shown, too
 */
record KeyedTree(
        Function<Object, @Nullable Object> key,
        ValueComparison element,
        boolean safe,
        List<Function<Object, @Nullable Object>> open)
        implements ValueComparison {

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
            if (one == null
                    || other == null
                    || !Objects.equals(key.apply(one), key.apply(other))
                    || !element.same(one, other)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameByKey(
            Map<@Nullable Object, List<@Nullable Object>> a, Map<@Nullable Object, List<@Nullable Object>> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream().allMatch(entry -> sameInTurn(entry.getValue(), b.get(entry.getKey())));
    }

    private boolean sameInTurn(List<@Nullable Object> a, @Nullable List<@Nullable Object> b) {
        return b != null && a.size() == b.size() && ListTree.inStep(element, a, b);
    }

    private Map<@Nullable Object, List<@Nullable Object>> group(Collection<?> elements) {
        Map<@Nullable Object, List<@Nullable Object>> groups = new LinkedHashMap<>();
        for (Object each : elements) {
            groups.computeIfAbsent(keyOf(each), k -> new ArrayList<>(1)).add(each);
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
        Map<@Nullable Object, List<@Nullable Object>> ones = group(a);
        Map<@Nullable Object, List<@Nullable Object>> others = group(b);
        Set<@Nullable Object> keys = new LinkedHashSet<>(ones.keySet());
        keys.addAll(others.keySet());
        for (Object each : keys) {
            List<@Nullable Object> mine = ones.getOrDefault(each, List.of());
            List<@Nullable Object> theirs = others.getOrDefault(each, List.of());
            String at = at(path, each, mine.isEmpty() ? theirs.get(0) : mine.get(0));
            explainKey(at, mine, theirs, differences);
        }
    }

    private @Nullable Object keyOf(@Nullable Object child) {
        return child == null ? null : key.apply(child);
    }

    private String at(String path, @Nullable Object itsKey, @Nullable Object child) {
        return path + "[" + Keys.shown(itsKey, safe || isOpen(itsKey, child)) + "]";
    }

    private boolean isOpen(@Nullable Object itsKey, @Nullable Object child) {
        return child != null && open.stream().anyMatch(field -> Objects.equals(itsKey, field.apply(child)));
    }

    private void explainKey(
            String at, List<@Nullable Object> a, List<@Nullable Object> b, Consumer<? super Difference> differences) {
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
            element.show(at(path, keyOf(each), each), each, shown);
        }
    }
}
