package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A collection whose order matters. */
record ListTree(ValueComparison element, boolean safe) implements ValueComparison {

    @Override
    public boolean same(@Nullable Object authority, @Nullable Object follower) {
        if (authority instanceof Collection<?> a && follower instanceof Collection<?> b) {
            return a == b || (a.size() == b.size() && inStep(element, a, b));
        }
        return authority == follower;
    }

    /** Compares two collections of one size, without an iterator where that is quick. */
    static boolean inStep(ValueComparison element, Collection<?> a, Collection<?> b) {
        if (a instanceof RandomAccess && b instanceof RandomAccess) {
            return byIndex(element, (List<?>) a, (List<?>) b);
        }
        Iterator<?> others = b.iterator();
        for (Object one : a) {
            if (!element.same(one, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean byIndex(ValueComparison element, List<?> a, List<?> b) {
        for (int i = 0; i < a.size(); i++) {
            if (!element.same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void explain(
            String path,
            @Nullable Object authority,
            @Nullable Object follower,
            Consumer<? super Difference> differences) {
        if (!(authority instanceof Collection<?> a) || !(follower instanceof Collection<?> b)) {
            differences.accept(Shown.value(path, authority, follower, safe));
        } else if (new Bag(element).same(a, b)) {
            differences.accept(Shown.order(path));
        } else {
            explainInStep(path, a, b, differences);
        }
    }

    private void explainInStep(
            String path, Collection<?> a, Collection<?> b, Consumer<? super Difference> differences) {
        Iterator<?> ones = a.iterator();
        Iterator<?> others = b.iterator();
        for (int i = 0; ones.hasNext() || others.hasNext(); i++) {
            String at = path + "[" + i + "]";
            if (!others.hasNext()) {
                differences.accept(Shown.missing(at, ones.next(), safe));
            } else if (!ones.hasNext()) {
                differences.accept(Shown.extra(at, others.next(), safe));
            } else {
                explainOne(at, ones.next(), others.next(), differences);
            }
        }
    }

    private void explainOne(
            String at, @Nullable Object one, @Nullable Object other, Consumer<? super Difference> differences) {
        if (!element.same(one, other)) {
            element.explain(at, one, other, differences);
        }
    }

    @Override
    public void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown) {
        if (!(value instanceof Collection<?> elements) || elements.isEmpty()) {
            shown.accept(path, Shown.of(value, safe));
            return;
        }
        int i = 0;
        for (Object each : elements) {
            element.show(path + "[" + i++ + "]", each, shown);
        }
    }
}
