package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One field of two entities that are both there. Primitive fields are read without boxing. */
interface FieldComparison {

    boolean same(Object authority, Object follower);

    void explain(String path, Object authority, Object follower, Consumer<? super Difference> differences);

    /** Tells the path and the value, as it may be shown, of everything in this field of an entity. */
    void show(String path, Object entity, BiConsumer<? super String, ? super String> shown);

    /** A field with parts or with a rule of its own. */
    record OfObject(String name, Function<Object, @Nullable Object> get, ValueComparison values)
            implements FieldComparison {
        @Override
        public boolean same(Object authority, Object follower) {
            return values.same(get.apply(authority), get.apply(follower));
        }

        @Override
        public void explain(String path, Object authority, Object follower, Consumer<? super Difference> differences) {
            values.explain(within(path, name), get.apply(authority), get.apply(follower), differences);
        }

        @Override
        public void show(String path, Object entity, BiConsumer<? super String, ? super String> shown) {
            values.show(within(path, name), get.apply(entity), shown);
        }
    }

    /** A value without parts and without a rule: most fields, so they take the shortest way. */
    record OfValue(String name, Function<Object, @Nullable Object> get, boolean safe) implements FieldComparison {
        @Override
        public boolean same(Object authority, Object follower) {
            Object one = get.apply(authority);
            Object other = get.apply(follower);
            return one == other || (one != null && one.equals(other));
        }

        @Override
        public void explain(String path, Object authority, Object follower, Consumer<? super Difference> differences) {
            differences.accept(Shown.value(within(path, name), get.apply(authority), get.apply(follower), safe));
        }

        @Override
        public void show(String path, Object entity, BiConsumer<? super String, ? super String> shown) {
            shown.accept(within(path, name), Shown.of(get.apply(entity), safe));
        }
    }

    /** All whole numbers. */
    record OfLong(String name, ToLongFunction<Object> get, boolean safe) implements FieldComparison {
        @Override
        public boolean same(Object authority, Object follower) {
            return get.applyAsLong(authority) == get.applyAsLong(follower);
        }

        @Override
        public void explain(String path, Object authority, Object follower, Consumer<? super Difference> differences) {
            differences.accept(
                    Shown.value(within(path, name), get.applyAsLong(authority), get.applyAsLong(follower), safe));
        }

        @Override
        public void show(String path, Object entity, BiConsumer<? super String, ? super String> shown) {
            shown.accept(within(path, name), Shown.of(get.applyAsLong(entity), safe));
        }
    }

    /** Both kinds of fractions, by {@link Double#compare}: not a number equals itself. */
    record OfDouble(String name, ToDoubleFunction<Object> get, boolean safe) implements FieldComparison {
        @Override
        public boolean same(Object authority, Object follower) {
            return Double.compare(get.applyAsDouble(authority), get.applyAsDouble(follower)) == 0;
        }

        @Override
        public void explain(String path, Object authority, Object follower, Consumer<? super Difference> differences) {
            differences.accept(
                    Shown.value(within(path, name), get.applyAsDouble(authority), get.applyAsDouble(follower), safe));
        }

        @Override
        public void show(String path, Object entity, BiConsumer<? super String, ? super String> shown) {
            shown.accept(within(path, name), Shown.of(get.applyAsDouble(entity), safe));
        }
    }

    /** Yes or no. */
    record OfBoolean(String name, Predicate<Object> get, boolean safe) implements FieldComparison {
        @Override
        public boolean same(Object authority, Object follower) {
            return get.test(authority) == get.test(follower);
        }

        @Override
        public void explain(String path, Object authority, Object follower, Consumer<? super Difference> differences) {
            differences.accept(Shown.value(within(path, name), get.test(authority), get.test(follower), safe));
        }

        @Override
        public void show(String path, Object entity, BiConsumer<? super String, ? super String> shown) {
            shown.accept(within(path, name), Shown.of(get.test(entity), safe));
        }
    }

    private static String within(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
