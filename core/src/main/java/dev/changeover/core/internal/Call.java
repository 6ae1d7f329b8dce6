package dev.changeover.core.internal;

import org.jspecify.annotations.Nullable;

/** One call of a port's method, to be done on whichever side the stage says. */
@FunctionalInterface
public interface Call<R, T extends @Nullable Object> {

    /** Calls this port. */
    T on(R port) throws Throwable;
}
