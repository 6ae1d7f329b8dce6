package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit log. It is written once and never changed.
 *
 * @param id given by a sequence; null before the entry is written
 * @param action what was done
 * @param userId who did it
 * @param roomId where
 * @param metadata JSON as PostgreSQL writes {@code jsonb}
 * @param ipAddress from where
 * @param timestamp when; legacy calls it {@code created_at}
 */
public record AuditLog(
        @Nullable Long id,
        String action,
        @Nullable UUID userId,
        @Nullable UUID roomId,
        @Nullable String metadata,
        @Nullable String ipAddress,
        Instant timestamp) {

    /** Keeps what the database can keep. */
    public AuditLog {
        timestamp = Times.micros(timestamp);
    }

    /** Returns this entry as the database numbered it. */
    public AuditLog numbered(long newId) {
        return new AuditLog(newId, action, userId, roomId, metadata, ipAddress, timestamp);
    }
}
