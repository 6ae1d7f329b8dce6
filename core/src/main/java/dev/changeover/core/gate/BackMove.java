package dev.changeover.core.gate;

import dev.changeover.core.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step back would cost.
 *
 * @param repository the repository
 * @param from its stage
 * @param to the stage before that, or null if there is none
 * @param verdict what would become of data
 * @param keys keys that would be lost or are not copied yet; at most a hundred of them
 * @param explanation why, and what to do first
 */
public record BackMove(
        String repository, Stage from, @Nullable Stage to, Verdict verdict, List<String> keys, String explanation) {

    /** Copies the keys. */
    public BackMove {
        keys = List.copyOf(keys);
    }

    /** What would become of data. */
    public enum Verdict {
        /** Nothing is lost. */
        SAFE,
        /** Nothing is lost once the marks are drained, which the move waits for. */
        SAFE_AFTER_DRAIN,
        /** The states of some keys cannot be brought to the side that would lead. */
        LOSSY
    }
}
