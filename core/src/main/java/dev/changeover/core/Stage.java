package dev.changeover.core;

import org.jspecify.annotations.Nullable;

/**
 * Where a repository is in its transition. The order of the constants is the order of the transition; a move goes one
 * constant forward or back.
 *
 * <p>The authority is the side whose result and failure the caller sees and whose state is right when the two differ.
 * The follower is the other side, while it is being written.
 */
public enum Stage {
    /** Legacy is read and written; new is left alone. */
    LEGACY_ONLY(Side.LEGACY, false, false),
    /** Legacy leads, new follows; every read is served by legacy. */
    DUAL_WRITE(Side.LEGACY, true, false),
    /** As {@link #DUAL_WRITE}, and a sample of the reads is compared with new. */
    SHADOW(Side.LEGACY, true, true),
    /** As {@link #SHADOW}, and new serves a percentage of the reads that may be served by a follower. */
    RAMP(Side.LEGACY, true, true),
    /** New leads, legacy follows; every read is served by new and a sample is compared with legacy. */
    NEW_PRIMARY(Side.NEW, true, true),
    /** New is read and written; legacy is left alone. */
    NEW_ONLY(Side.NEW, false, false);

    private final Side authority;
    private final boolean followed;
    private final boolean shadowed;

    Stage(Side authority, boolean followed, boolean shadowed) {
        this.authority = authority;
        this.followed = followed;
        this.shadowed = shadowed;
    }

    /** Returns the side that leads. */
    public Side authority() {
        return authority;
    }

    /** Returns the side that is written after the authority, or null where only one side is written. */
    public @Nullable Side follower() {
        return followed ? authority.other() : null;
    }

    /** Tells whether a sample of the reads is compared with the other side. */
    public boolean shadowed() {
        return shadowed;
    }

    /** Tells whether one move leads from this stage to {@code target}. */
    public boolean movesTo(Stage target) {
        return Math.abs(ordinal() - target.ordinal()) == 1;
    }
}
