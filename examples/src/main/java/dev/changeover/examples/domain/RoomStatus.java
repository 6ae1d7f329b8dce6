package dev.changeover.examples.domain;

/** Where a room is in its life. */
public enum RoomStatus {
    /** Nobody is in it yet. */
    CREATED,
    /** A meeting is held. */
    LIVE,
    /** The meeting is over. */
    ENDED
}
