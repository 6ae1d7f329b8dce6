package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A value without parts. A normaliser may turn it into null, so that "no value" can be written in two ways. */
record Leaf(FieldRule rule) implements ValueComparison {

    @Override
    public boolean same(@Nullable Object authority, @Nullable Object follower) {
        if (authority == follower) {
            return true;
        }
        if (authority == null || follower == null) {
            return nothing(authority) && nothing(follower);
        }
        return authority.equals(follower) || rule.sameValue(authority, follower);
    }

    @Override
    public void explain(
            String path,
            @Nullable Object authority,
            @Nullable Object follower,
            Consumer<? super Difference> differences) {
        differences.accept(Shown.value(path, authority, follower, rule.safe()));
    }

    private boolean nothing(@Nullable Object value) {
        return value == null || rule.normaliser().apply(value) == null;
    }

    @Override
    public void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown) {
        shown.accept(path, Shown.of(value, rule.safe()));
    }
}
