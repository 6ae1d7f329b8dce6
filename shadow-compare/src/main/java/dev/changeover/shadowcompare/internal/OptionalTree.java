package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an {@link Optional} holds; an empty one is not null. */
record OptionalTree(ValueComparison content, boolean safe) implements ValueComparison {

    @Override
    public boolean same(@Nullable Object authority, @Nullable Object follower) {
        return (authority instanceof Optional<?> a && follower instanceof Optional<?> b)
                ? content.same(a.orElse(null), b.orElse(null))
                : authority == follower;
    }

    @Override
    public void explain(
            String path,
            @Nullable Object authority,
            @Nullable Object follower,
            Consumer<? super Difference> differences) {
        if (authority instanceof Optional<?> a && follower instanceof Optional<?> b && a.isPresent() && b.isPresent()) {
            content.explain(path, a.get(), b.get(), differences);
        } else {
            differences.accept(new Difference(path, Kind.VALUE, shown(authority), shown(follower)));
        }
    }

    /** An Optional that holds an empty one is not empty. */
    private String shown(@Nullable Object value) {
        if (!(value instanceof Optional<?> maybe) || maybe.isEmpty()) {
            return Shown.of(value, safe);
        }
        Object held = maybe.get();
        return held instanceof Optional<?> ? "holding " + shown(held) : Shown.of(held, safe);
    }

    @Override
    public void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown) {
        if (value instanceof Optional<?> maybe && maybe.isPresent()) {
            content.show(path, maybe.get(), shown);
        } else {
            shown.accept(path, Shown.of(value, safe));
        }
    }
}
