package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One confirmed difference.
 *
 * @param repository the name of the repository
 * @param operation the operation that met it, or {@code verify}
 * @param key the key as text, or null where the difference belongs to no entity
 * @param difference where and how the sides differ, with values that may be shown
 * @param epoch the epoch of the stage in which it was confirmed
 * @param at when it was confirmed
 */
public record Divergence(
        String repository, String operation, @Nullable String key, Difference difference, long epoch, Instant at) {

    /**
     * Returns what divergences are grouped by: the path without the positions and keys of elements. Constants such as
     * {@code [LOCAL]} stay.
     */
    public String pathPattern() {
        return PathPattern.of(difference.path());
    }

    /** Returns how the sides differ. */
    public Kind kind() {
        return difference.kind();
    }
}
