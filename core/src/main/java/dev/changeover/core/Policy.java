package dev.changeover.core;

/** What a failing follower means for the caller. */
public enum Policy {
    /** Nothing: the follower's part is undone, the key is marked, the caller's transaction goes on. */
    ISOLATED,
    /** The call fails and the transaction is rolled back: both sides or neither. */
    ATOMIC
}
