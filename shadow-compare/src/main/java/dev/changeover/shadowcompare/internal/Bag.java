package dev.changeover.shadowcompare.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pairs off elements that count as the same, each once, in any order. Quadratic: meant for tens of elements. */
record Bag(ValueComparison element) {

    boolean same(Collection<?> a, Collection<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        return ListTree.inStep(element, a, b) || unmatched(a, b).isEmpty();
    }

    /** Returns what is left of {@code a} when everything in {@code b} has found its equal. */
    List<@Nullable Object> unmatched(Collection<?> a, Collection<?> b) {
        List<@Nullable Object> left = new ArrayList<>(a);
        for (Object other : b) {
            removeOne(left, other);
        }
        return left;
    }

    private void removeOne(List<@Nullable Object> left, @Nullable Object other) {
        for (Iterator<@Nullable Object> each = left.iterator(); each.hasNext(); ) {
            if (element.same(each.next(), other)) {
                each.remove();
                return;
            }
        }
    }
}
