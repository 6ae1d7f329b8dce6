package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A collection whose order does not matter. */
record BagTree(ValueComparison element, boolean safe) implements ValueComparison {

    @Override
    public boolean same(@Nullable Object authority, @Nullable Object follower) {
        if (authority instanceof Collection<?> a && follower instanceof Collection<?> b) {
            return a == b || new Bag(element).same(a, b);
        }
        return authority == follower;
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
        Bag bag = new Bag(element);
        bag.unmatched(a, b).forEach(one -> differences.accept(Shown.missing(path + "[*]", one, safe)));
        bag.unmatched(b, a).forEach(other -> differences.accept(Shown.extra(path + "[*]", other, safe)));
    }

    @Override
    public void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown) {
        shown.accept(
                path, value instanceof Collection<?> elements ? elements.size() + " elements" : Shown.of(value, safe));
    }
}
