package dev.changeover.core.control;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A move that somebody asks for.
 *
 * @param repositories the repositories that move together, in one step
 * @param target the stage that they move to
 * @param actor who asks
 * @param reason why
 * @param expectedEpoch the epoch that the asker has seen, or null for any; only for a single repository
 * @param evidence what the gates said, as JSON, or null
 * @param dryRun whether it is taken back at its end
 */
public record Move(
        List<String> repositories,
        Stage target,
        String actor,
        String reason,
        @Nullable Long expectedEpoch,
        @Nullable String evidence,
        boolean dryRun) {

    /** A move that passed no gates. */
    public Move(List<String> repositories, Stage target, String actor, String reason, @Nullable Long expectedEpoch) {
        this(repositories, target, actor, reason, expectedEpoch, null, false);
    }

    /** Checks that there is somebody, something and a reason. */
    public Move {
        repositories = List.copyOf(repositories);
        if (repositories.isEmpty()) {
            throw new ConfigurationException("move", "no repository", "Name at least one");
        }
        if (actor.isBlank() || reason.isBlank()) {
            throw new ConfigurationException("move", "no actor or no reason", "Say who moves it and why");
        }
        if (expectedEpoch != null && repositories.size() > 1) {
            throw new ConfigurationException(
                    "move", "an expected epoch for several repositories", "Move one, or leave the epoch out");
        }
    }
}
