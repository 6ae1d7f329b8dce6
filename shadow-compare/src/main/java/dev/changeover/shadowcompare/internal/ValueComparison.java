package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the two values of one place in an entity. Asking whether they are the same comes first and allocates
 * nothing; what differs is worked out only where they are not.
 */
public interface ValueComparison {

    /** Tells whether the two values count as the same. */
    boolean same(@Nullable Object authority, @Nullable Object follower);

    /** Adds what differs between two values that are not the same. */
    void explain(
            String path,
            @Nullable Object authority,
            @Nullable Object follower,
            Consumer<? super Difference> differences);

    /** Tells the path and the value, as it may be shown, of everything in a value. */
    void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown);
}
