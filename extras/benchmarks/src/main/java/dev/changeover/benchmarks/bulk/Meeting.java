package dev.changeover.benchmarks.bulk;

import java.time.Instant;
import java.util.UUID;

/**
 * A row of either side.
 *
 * @param startedAt null before it has begun
 * @param endedAt null before it has ended
 * @param seconds whole seconds between the two, derived; null before it has ended
 */
record Meeting(
        UUID id,
        UUID host,
        String code,
        String title,
        String status,
        int seats,
        Instant startedAt,
        Instant endedAt,
        Long seconds,
        Instant createdAt,
        Instant updatedAt) {}
