package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.internal.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares two collections of values that have no key, such as projections; any of them may be null. */
record ValueLists<K>(ResultWalk<K, ?> elements, boolean anyOrder) {
    /** Looking for the partner of each element by its fields is quadratic; in longer lists equality finds it. */
    private static final int SHORT = 100;

    ResultDifferences<K> compare(List<?> a, List<?> b) {
        if (inStep(a, b)) {
            return ResultDifferences.none();
        }
        if (!anyOrder && a.size() != b.size()) {
            return explained(a, b);
        }
        List<@Nullable Object> missing = unmatched(a, b);
        List<@Nullable Object> extra = unmatched(b, a);
        if (missing.isEmpty() && extra.isEmpty()) {
            return anyOrder ? ResultDifferences.none() : ResultDifferences.of(Shown.order(""));
        }
        return anyOrder ? apart(missing, extra) : explained(a, b);
    }

    private boolean inStep(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean same(@Nullable Object one, @Nullable Object other) {
        return elements.compare(one, other).isEmpty();
    }

    /** Returns what is left of {@code a} when everything in {@code b} has found its partner. */
    private List<@Nullable Object> unmatched(List<?> a, List<?> b) {
        List<@Nullable Object> left = new ArrayList<>(a);
        if (a.size() <= SHORT && b.size() <= SHORT) {
            b.forEach(other -> removeOne(left, other));
        } else {
            Map<@Nullable Object, Integer> counts = new HashMap<>();
            b.forEach(other -> counts.merge(other, 1, Integer::sum));
            left.removeIf(one -> counts.merge(one, -1, Integer::sum) >= 0);
        }
        return left;
    }

    private void removeOne(List<@Nullable Object> left, @Nullable Object other) {
        for (Iterator<@Nullable Object> each = left.iterator(); each.hasNext(); ) {
            if (same(each.next(), other)) {
                each.remove();
                return;
            }
        }
    }

    private static <K> ResultDifferences<K> apart(List<@Nullable Object> missing, List<@Nullable Object> extra) {
        List<ResultDifferences<K>> found = new ArrayList<>();
        missing.forEach(one -> found.add(ResultDifferences.of(Shown.missing("[*]", one, false))));
        extra.forEach(one -> found.add(ResultDifferences.of(Shown.extra("[*]", one, false))));
        return ResultDifferences.joined(found);
    }

    private ResultDifferences<K> explained(List<?> a, List<?> b) {
        List<ResultDifferences<K>> found = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            found.add(explained(a, b, i).within("[" + i + "]"));
        }
        return ResultDifferences.joined(found);
    }

    private ResultDifferences<K> explained(List<?> a, List<?> b, int i) {
        if (i >= b.size()) {
            return ResultDifferences.of(Shown.missing("", a.get(i), false));
        }
        return i >= a.size()
                ? ResultDifferences.of(Shown.extra("", b.get(i), false))
                : elements.compare(a.get(i), b.get(i));
    }
}
