package dev.changeover.core.internal;

import dev.changeover.core.control.RepositoryState;
import org.jspecify.annotations.Nullable;

/** Which reads of RAMP belong to new: a stable bucket of the routing key, monotone in the percentage. */
public final class Routing {

    /** Finer than a percent, so that finer steps can come without moving anybody. */
    private static final int BUCKETS = 10_000;

    private static final ThreadLocal<@Nullable String> KEY = new ThreadLocal<>();

    private Routing() {}

    /** Returns the routing key that the unit of work gave, or null. */
    static @Nullable String current() {
        return KEY.get();
    }

    /** Sets the routing key of this thread and returns the one before. */
    public static @Nullable String replace(@Nullable String key) {
        String before = KEY.get();
        if (key == null) {
            KEY.remove();
        } else {
            KEY.set(key);
        }
        return before;
    }

    /** Returns the bucket of a hash. */
    public static int bucket(long hash) {
        return (int) Long.remainderUnsigned(hash, BUCKETS);
    }

    /** Tells whether a percentage covers a bucket. */
    public static boolean inside(int bucket, int percent) {
        return bucket < percent * (BUCKETS / 100);
    }

    /** Returns true or false if a list decides, else null. */
    public static @Nullable Boolean listed(RepositoryState state, String key) {
        if (state.deny().contains(key)) {
            return Boolean.FALSE;
        }
        return state.allow().contains(key) ? Boolean.TRUE : null;
    }
}
