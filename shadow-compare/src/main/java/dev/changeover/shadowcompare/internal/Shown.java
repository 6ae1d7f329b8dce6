package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values as they may be shown: null, absent, missing and empty apart, anything else redacted unless its field is safe. */
public final class Shown {
    private static final int LIMIT = 120;
    private static final String MISSING = "missing";

    private Shown() {}

    /** Shows a value. */
    public static String of(@Nullable Object value, boolean safe) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Optional<?> maybe && maybe.isEmpty()) {
            return "absent";
        }
        if (isEmpty(value)) {
            return "empty";
        }
        return safe ? cut(value.toString()) : "<" + value.getClass().getSimpleName() + ">";
    }

    /** Describes two values that are both there. */
    public static Difference value(String path, @Nullable Object authority, @Nullable Object follower, boolean safe) {
        String hint = safe ? "" : Hint.of(authority, follower);
        return new Difference(path, Kind.VALUE, of(authority, safe), of(follower, safe) + hint);
    }

    /** Describes something that the follower lacks. */
    public static Difference missing(String path, @Nullable Object authority, boolean safe) {
        return new Difference(path, Kind.MISSING, of(authority, safe), MISSING);
    }

    /** Describes something that the authority lacks. */
    public static Difference extra(String path, @Nullable Object follower, boolean safe) {
        return new Difference(path, Kind.EXTRA, MISSING, of(follower, safe));
    }

    /** Describes the same elements in another order. */
    public static Difference order(String path) {
        return new Difference(path, Kind.ORDER, "in order", "in another order");
    }

    private static boolean isEmpty(Object value) {
        return (value instanceof CharSequence text && text.length() == 0)
                || (value instanceof Collection<?> elements && elements.isEmpty())
                || (value instanceof Map<?, ?> entries && entries.isEmpty());
    }

    private static String cut(String text) {
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "...";
    }
}
