package dev.changeover.core.internal;

import dev.changeover.core.Side;
import org.jspecify.annotations.Nullable;

/**
 * Says that this thread is inside the follower's part of a write, or inside a shadow read. A routed port that is called
 * from there goes to that side, unrouted: it must neither enter a fence nor copy anything.
 */
public final class FollowerScope {

    private static final ThreadLocal<@Nullable Side> SIDE = new ThreadLocal<>();

    private FollowerScope() {}

    static @Nullable Side current() {
        return SIDE.get();
    }

    /** Calls a port inside the scope of a side. */
    public static <R, T extends @Nullable Object> T on(Side side, R port, Call<R, T> call) throws Throwable {
        Side before = SIDE.get();
        SIDE.set(side);
        try {
            return call.on(port);
        } finally {
            if (before == null) {
                SIDE.remove();
            } else {
                SIDE.set(before);
            }
        }
    }
}
