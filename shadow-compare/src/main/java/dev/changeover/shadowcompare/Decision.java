package dev.changeover.shadowcompare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a reviewer decides about divergences.
 *
 * @param state the state that they get
 * @param owner who answers for it from now on, or null for whoever did before
 * @param ticket where it is followed up from now on, or null for where it was before
 * @param expires when an explanation ends; null for every other state
 */
public record Decision(
        ReviewState state,
        @Nullable String owner,
        @Nullable String ticket,
        @Nullable Instant expires) {

    /**
     * The difference is meant.
     *
     * @param owner who answers for that
     * @param expires until when that holds; the divergence counts as unreviewed from then on
     */
    public static Decision explained(String owner, Instant expires) {
        return new Decision(ReviewState.EXPLAINED, owner, null, expires);
    }

    /** The difference is a fault that is still there. */
    public static Decision toBeFixed() {
        return new Decision(ReviewState.TO_BE_FIXED, null, null, null);
    }

    /** The fault has been mended, wherever the application runs: what is seen from now on is a regression. */
    public static Decision fixed() {
        return new Decision(ReviewState.FIXED, null, null, null);
    }

    /** What was decided before does not hold. */
    public static Decision reopened() {
        return new Decision(ReviewState.NEW, null, null, null);
    }

    /** Names who answers for it. */
    public Decision owner(String name) {
        return new Decision(state, name, ticket, expires);
    }

    /** Names where it is followed up. */
    public Decision ticket(String name) {
        return new Decision(state, owner, name, expires);
    }
}
