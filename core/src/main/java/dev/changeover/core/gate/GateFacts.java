package dev.changeover.core.gate;

import dev.changeover.core.RepositoryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the control schema says of one repository at one instant.
 *
 * @param status where it is and what it lacks
 * @param legacyOnly the operations that new does not have
 * @param parkedKeys keys that wait for a person; at most a hundred of them
 * @param lastForeignChange when somebody last wrote round the library, or null
 * @param history what was done to it, oldest first; of a long history the last thousand steps
 * @param measured what was compared, verified and served
 * @param now the server's time
 */
public record GateFacts(
        RepositoryStatus status,
        List<String> legacyOnly,
        List<String> parkedKeys,
        @Nullable Instant lastForeignChange,
        List<HistoryStep> history,
        Measured measured,
        Instant now) {

    /** Copies the lists. */
    public GateFacts {
        legacyOnly = List.copyOf(legacyOnly);
        parkedKeys = List.copyOf(parkedKeys);
        history = List.copyOf(history);
    }

    /** Returns the last step of this kind, or null. */
    public @Nullable HistoryStep last(Predicate<HistoryStep> kind) {
        HistoryStep found = null;
        for (HistoryStep step : history) {
            if (kind.test(step)) {
                found = step;
            }
        }
        return found;
    }

    /** Returns for how long stage and percentage have been as they are, or null if nothing was ever changed. */
    public @Nullable Duration unchangedFor() {
        HistoryStep change = last(HistoryStep::changesRoute);
        return change == null ? null : Duration.between(change.at(), now);
    }
}
