package dev.changeover.examples.domain;

import org.jspecify.annotations.Nullable;

/**
 * A room joined with its owner.
 *
 * @param room the room
 * @param ownerEmail the address of its owner; null if the owner has left
 * @param ownerName the name of its owner
 */
public record RoomWithOwner(
        Room room, @Nullable String ownerEmail, @Nullable String ownerName) {}
