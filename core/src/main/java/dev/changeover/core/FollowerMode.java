package dev.changeover.core;

/** How the follower of one operation is written. */
public enum FollowerMode {
    /** The follower receives the state that the authority's method left; only the authority runs the method. */
    STATE,
    /**
     * As {@link #STATE}; before it, the follower's own method runs in a savepoint that is always rolled back, and what
     * it would have left is compared with the authority's state.
     */
    REHEARSE,
    /** The follower's own method runs under the key lock and stands, for effects that are not entity state. */
    REPLAY
}
