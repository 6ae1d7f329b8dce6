package dev.changeover.core.control;

import dev.changeover.core.ConfigurationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the share of reads that new serves in RAMP, which somebody asks for. What the asker has seen is compared in
 * the transaction of the change, so that nobody steps over what somebody else did after that look.
 *
 * @param repositories the repositories that change together
 * @param percent the share that new serves from then on
 * @param actor who asks
 * @param reason why
 * @param expectedEpoch the epoch that the asker has seen, or null for any; only for a single repository
 * @param expectedRevision the revision of the percentage that the asker has seen, or null for any; likewise
 * @param evidence what the gates said, as JSON, or null
 * @param dryRun whether it is taken back at its end
 */
public record PercentChange(
        List<String> repositories,
        int percent,
        String actor,
        String reason,
        @Nullable Long expectedEpoch,
        @Nullable Long expectedRevision,
        @Nullable String evidence,
        boolean dryRun) {

    /** A change that passed no gates, whatever was before. */
    public PercentChange(List<String> repositories, int percent, String actor, String reason) {
        this(repositories, percent, actor, reason, null, null, null, false);
    }

    /** Checks that what is expected is expected of one. */
    public PercentChange {
        repositories = List.copyOf(repositories);
        if ((expectedEpoch != null || expectedRevision != null) && repositories.size() != 1) {
            throw new ConfigurationException(
                    "percent", "an expected epoch for several repositories", "Change one, or leave the epoch out");
        }
    }

    /** Returns the same with what the gates said. */
    public PercentChange with(@Nullable String said) {
        return new PercentChange(repositories, percent, actor, reason, expectedEpoch, expectedRevision, said, dryRun);
    }

    /** Returns the same, taken back at its end. */
    public PercentChange dry() {
        return new PercentChange(repositories, percent, actor, reason, expectedEpoch, expectedRevision, evidence, true);
    }
}
