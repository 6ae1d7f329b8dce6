package dev.changeover.core.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was compared, of all instances together, since the last divergence that nobody has explained.
 *
 * @param compared how many comparisons were judged
 * @param since when the first of them was made, or null if there are none
 * @param lastHour how many of them were made in the last hour
 * @param diverged when that divergence was last seen, or null if there is none
 */
public record CleanComparisons(
        long compared,
        @Nullable Instant since,
        long lastHour,
        @Nullable Instant diverged) {

    /** Returns which share may differ all the same, with 95 % confidence: the rule of three; 1 if nothing was compared. */
    public double bound() {
        return compared < 3 ? 1 : 3.0 / compared;
    }
}
