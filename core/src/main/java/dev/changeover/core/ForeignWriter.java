package dev.changeover.core;

import java.time.Instant;

/**
 * Somebody who wrote round the library.
 *
 * @param repository the name of the repository
 * @param side the side that is right about what was written
 * @param reason {@code FOREIGN} for a change of the side that leads, {@code CASCADE} for one that another table set off,
 *     {@code CONFLICT} for a change of the side that follows, which was undone
 * @param writer the database user of the session
 * @param application the {@code application_name} of the session
 * @param changes how many rows were changed
 * @param firstAt when first
 * @param lastAt when last
 */
public record ForeignWriter(
        String repository,
        Side side,
        String reason,
        String writer,
        String application,
        long changes,
        Instant firstAt,
        Instant lastAt) {}
