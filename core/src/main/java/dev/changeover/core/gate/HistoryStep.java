package dev.changeover.core.gate;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of the append-only history of a repository.
 *
 * @param at when, by the server's clock
 * @param action what was done: {@code MOVE}, {@code PERCENT}, {@code ATTEST} and others
 * @param before the value before, or null
 * @param after the value after, or null
 * @param epoch the epoch after it, or null where it has none
 * @param actor who did it
 * @param reason why
 * @param evidence what the gates said, as JSON, or null
 */
public record HistoryStep(
        Instant at,
        String action,
        @Nullable String before,
        @Nullable String after,
        @Nullable Long epoch,
        String actor,
        String reason,
        @Nullable String evidence) {

    private static final Set<String> ROUTES = Set.of("MOVE", "PERCENT");

    /** Tells whether it changed which side serves or leads. */
    public boolean changesRoute() {
        return ROUTES.contains(action);
    }
}
