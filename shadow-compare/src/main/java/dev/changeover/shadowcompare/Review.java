package dev.changeover.shadowcompare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about a group of divergences.
 *
 * @param state the decision
 * @param owner who answers for it, or null; never null for {@link ReviewState#EXPLAINED}
 * @param ticket where it is followed up, or null
 * @param expires when an explanation ends; null for every other state
 * @param revision increases with every decision, so that a later one can tell that it has been overtaken
 */
public record Review(
        ReviewState state,
        @Nullable String owner,
        @Nullable String ticket,
        @Nullable Instant expires,
        long revision) {

    /** Nobody has decided yet. */
    public static final Review NONE = new Review(ReviewState.NEW, null, null, null, 0);

    /** Tells whether somebody has to look: it is new, a regression, or an explanation that has expired. */
    public boolean unreviewed(Instant now) {
        return state == ReviewState.NEW || state == ReviewState.REGRESSION || expired(now);
    }

    /** Tells whether it was explained and the explanation no longer holds. */
    public boolean expired(Instant now) {
        return state == ReviewState.EXPLAINED && expires != null && !expires.isAfter(now);
    }
}
