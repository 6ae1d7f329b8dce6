package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.shadowcompare.internal.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Compares two collections of values that have no key, such as projections, by equality. */
record ValueLists<K>(boolean anyOrder) {

    ResultDifferences<K> compare(Collection<?> authority, Collection<?> follower) {
        List<?> a = new ArrayList<>(authority);
        List<?> b = new ArrayList<>(follower);
        if (a.equals(b)) {
            return ResultDifferences.none();
        }
        List<Difference> found = sameElements(a, b) ? order() : inStep(a, b);
        return found.isEmpty() ? ResultDifferences.none() : new ResultDifferences<>(Map.of(), found);
    }

    private static boolean sameElements(List<?> a, List<?> b) {
        List<?> left = new ArrayList<>(a);
        return a.size() == b.size() && b.stream().allMatch(left::remove);
    }

    private List<Difference> order() {
        return anyOrder ? List.of() : List.of(Shown.order(""));
    }

    private static List<Difference> inStep(List<?> a, List<?> b) {
        List<Difference> found = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            String at = "[" + i + "]";
            if (i >= b.size()) {
                found.add(Shown.missing(at, a.get(i), false));
            } else if (i >= a.size()) {
                found.add(Shown.extra(at, b.get(i), false));
            } else if (!Objects.equals(a.get(i), b.get(i))) {
                found.add(Shown.value(at, a.get(i), b.get(i), false));
            }
        }
        return found;
    }
}
