package dev.changeover.core.measure;

/** How two sides came to be compared. */
public enum Source {
    /** A served read was repeated on the other side. */
    READ,
    /** The follower's own method was tried and undone. */
    REHEARSAL,
    /** A dual write was read back from both sides in its own transaction. */
    WRITE_CHECK
}
