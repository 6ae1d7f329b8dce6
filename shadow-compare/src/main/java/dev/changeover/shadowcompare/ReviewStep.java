package dev.changeover.shadowcompare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the history of a group of divergences, which is never changed.
 *
 * @param at when it was decided
 * @param actor who decided, as they said; {@code changeover} where the library saw a regression
 * @param dbUser the user of the session that wrote it
 * @param before the state until then
 * @param after the state from then on
 * @param reason why
 * @param owner who answers for it from then on, or null
 * @param ticket where it is followed up from then on, or null
 * @param expires when an explanation ends, or null
 * @param count how often the divergence had been confirmed by then
 */
public record ReviewStep(
        Instant at,
        String actor,
        String dbUser,
        ReviewState before,
        ReviewState after,
        String reason,
        @Nullable String owner,
        @Nullable String ticket,
        @Nullable Instant expires,
        long count) {}
