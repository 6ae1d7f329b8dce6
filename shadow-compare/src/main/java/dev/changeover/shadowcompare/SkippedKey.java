package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.KeyState.Status;
import org.jspecify.annotations.Nullable;

/**
 * A key that a repair left alone, since it was no longer as the plan had it.
 *
 * @param key the key
 * @param why why
 * @param <K> the key
 */
public record SkippedKey<K>(K key, Why why) {

    /** Why a key was left alone. */
    public enum Why {
        /** Both sides have become equal. */
        EQUAL_BY_NOW,
        /** Somebody has written it and it is marked: the drain will copy it. */
        MARKED,
        /** It differs in another way than the plan says. */
        CHANGED
    }

    static <K> @Nullable Why why(KeyDivergence<K> planned, KeyState now) {
        if (now.is(Status.MARKED)) {
            return Why.MARKED;
        }
        if (now.is(Status.EQUAL) || now.is(Status.ACCEPTED)) {
            return Why.EQUAL_BY_NOW;
        }
        return now.differences().equals(planned.differences()) ? null : Why.CHANGED;
    }
}
