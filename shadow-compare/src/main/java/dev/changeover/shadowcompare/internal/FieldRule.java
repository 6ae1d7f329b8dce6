package dev.changeover.shadowcompare.internal;

import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is declared for one field. Equal values are the same under every rule: a rule only forgives.
 *
 * @param ignored whether the field is not compared at all
 * @param safe whether its values may be shown
 * @param unordered whether the order of its elements does not matter
 * @param key tells the elements of a collection apart, or null
 * @param normaliser applied to both values, which are not null
 * @param equality what counts as equal, for values that are not null
 * @param accepted marks what differs as accepted, or null
 */
public record FieldRule(
        boolean ignored,
        boolean safe,
        boolean unordered,
        @Nullable Function<Object, @Nullable Object> key,
        Function<Object, @Nullable Object> normaliser,
        BiPredicate<Object, Object> equality,
        @Nullable AcceptedUntil accepted) {

    /** Nothing is declared. */
    public static final FieldRule NONE =
            new FieldRule(false, false, false, null, value -> value, Objects::deepEquals, null);

    /** Leaves the field out. */
    public FieldRule ignoring() {
        return new FieldRule(true, safe, unordered, key, normaliser, equality, accepted);
    }

    /** Shows the values. */
    public FieldRule showing() {
        return new FieldRule(ignored, true, unordered, key, normaliser, equality, accepted);
    }

    /** Forgives another order. */
    public FieldRule inAnyOrder() {
        return new FieldRule(ignored, safe, true, key, normaliser, equality, accepted);
    }

    /** Pairs the elements by a key. */
    public FieldRule keyedBy(Function<Object, @Nullable Object> keyFunction) {
        return new FieldRule(ignored, safe, unordered, keyFunction, normaliser, equality, accepted);
    }

    /** Lets what differs pass until a moment, under somebody's name. */
    public FieldRule accepting(AcceptedUntil until) {
        return new FieldRule(ignored, safe, unordered, key, normaliser, equality, until);
    }

    /** Applies one more function to both values before they are compared. */
    public FieldRule normalising(Function<Object, @Nullable Object> next) {
        Function<Object, @Nullable Object> both = value -> {
            Object first = normaliser.apply(value);
            return first == null ? null : next.apply(first);
        };
        return new FieldRule(ignored, safe, unordered, key, both, equality, accepted);
    }

    /** Forgives differences that this test forgives. */
    public FieldRule forgiving(BiPredicate<Object, Object> test) {
        BiPredicate<Object, Object> either = (a, b) -> equality.test(a, b) || test.test(a, b);
        return new FieldRule(ignored, safe, unordered, key, normaliser, either, accepted);
    }

    /** The same field without anything that forgives. */
    FieldRule toTheLetter() {
        return new FieldRule(ignored, safe, false, key, NONE.normaliser, NONE.equality, null);
    }

    /** Tells whether values are compared otherwise than by equality. */
    boolean changesValues() {
        return normaliser != NONE.normaliser || equality != NONE.equality;
    }

    boolean sameValue(Object a, Object b) {
        Object x = normaliser.apply(a);
        Object y = normaliser.apply(b);
        return (x == null || y == null) ? x == y : equality.test(x, y);
    }
}
