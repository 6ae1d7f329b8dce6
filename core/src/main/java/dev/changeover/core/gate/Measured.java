package dev.changeover.core.gate;

import dev.changeover.core.measure.CallCount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one repository, of all instances together.
 *
 * @param verification the last verification that came to its end, or null
 * @param comparisons what was compared and found clean
 * @param unreviewed paths of divergences that nobody has looked at; at most a hundred
 * @param rehearsals how often each write that new has was rehearsed without a difference
 * @param calls what new served since stage or percentage last changed, a day at most, and legacy in the last week
 */
public record Measured(
        @Nullable LastVerification verification,
        CleanComparisons comparisons,
        List<String> unreviewed,
        Map<String, Long> rehearsals,
        List<CallCount> calls) {

    /** Copies the collections. */
    public Measured {
        unreviewed = List.copyOf(unreviewed);
        rehearsals = Map.copyOf(rehearsals);
        calls = List.copyOf(calls);
    }
}
