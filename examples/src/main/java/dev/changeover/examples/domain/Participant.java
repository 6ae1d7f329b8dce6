package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's stay in a room. Only new has a table for it.
 *
 * @param leftAt null while they are there
 */
public record Participant(
        UUID id,
        UUID roomId,
        UUID userId,
        Instant joinedAt,
        @Nullable Instant leftAt) {

    /** Keeps what the database can keep. */
    public Participant {
        joinedAt = Times.micros(joinedAt);
        leftAt = leftAt == null ? null : Times.micros(leftAt);
    }
}
