package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * What was recorded of a meeting. Only new has a table for it.
 *
 * @param storageKey where the file is
 * @param durationSeconds whole seconds
 */
public record Recording(UUID id, UUID roomId, String storageKey, Instant recordedAt, long durationSeconds) {

    /** Keeps what the database can keep. */
    public Recording {
        recordedAt = Times.micros(recordedAt);
    }
}
