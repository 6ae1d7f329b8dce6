package dev.changeover.shadowcompare;

import dev.changeover.core.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything that a report shows.
 *
 * @param at the moment that it describes
 * @param stages the stage of each repository
 * @param counters the counters of the shadow reads
 * @param divergences the confirmed divergences
 * @param shed how many differences were confirmed but not kept apart, by repository
 * @param verifications the last verification of each repository that had one
 */
public record ShadowSummary(
        Instant at,
        Map<String, Stage> stages,
        ShadowCounters counters,
        List<DivergenceGroup> divergences,
        Map<String, Long> shed,
        List<VerificationResult<?>> verifications) {

    /** Keeps copies. */
    public ShadowSummary {
        stages = Map.copyOf(stages);
        divergences = List.copyOf(divergences);
        shed = Map.copyOf(shed);
        verifications = List.copyOf(verifications);
    }

    /** Describes a moment at which nothing had been shed. */
    public ShadowSummary(
            Instant at,
            Map<String, Stage> stages,
            ShadowCounters counters,
            List<DivergenceGroup> divergences,
            List<VerificationResult<?>> verifications) {
        this(at, stages, counters, divergences, Map.of(), verifications);
    }
}
