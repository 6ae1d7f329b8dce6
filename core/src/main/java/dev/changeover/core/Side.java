package dev.changeover.core;

/** One of the two homes of an entity. */
public enum Side {
    /** The schema that the application comes from. */
    LEGACY,
    /** The schema that the application moves to. */
    NEW;

    /** Returns the opposite side. */
    public Side other() {
        return this == LEGACY ? NEW : LEGACY;
    }
}
