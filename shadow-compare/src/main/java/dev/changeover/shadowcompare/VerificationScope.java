package dev.changeover.shadowcompare;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a verification looks at. Only one of everything counts for a gate.
 *
 * @param from the first key, in the order of the key type, or null
 * @param to the last key, or null
 * @param percent how many percent of the keys, the same ones each time; or null
 * @param keys only these keys, or null
 * @param run the keys that this earlier verification found to differ, or null
 * @param changedSince the keys that were written since this earlier verification began, or null
 * @param <K> the key
 */
record VerificationScope<K>(
        @Nullable K from,
        @Nullable K to,
        @Nullable Double percent,
        @Nullable List<K> keys,
        @Nullable Long run,
        @Nullable Long changedSince) {

    /** Keeps a copy. */
    VerificationScope {
        keys = keys == null ? null : List.copyOf(keys);
    }

    static <K> VerificationScope<K> all() {
        return new VerificationScope<>(null, null, null, null, null, null);
    }

    static <K> VerificationScope<K> between(@Nullable K from, @Nullable K to) {
        return new VerificationScope<>(from, to, null, null, null, null);
    }

    static <K> VerificationScope<K> sample(double percent) {
        return new VerificationScope<>(null, null, percent, null, null, null);
    }

    static <K> VerificationScope<K> of(Collection<K> keys) {
        return new VerificationScope<>(null, null, null, List.copyOf(keys), null, null);
    }

    static <K> VerificationScope<K> ofRun(long run) {
        return new VerificationScope<>(null, null, null, null, run, null);
    }

    static <K> VerificationScope<K> changedSince(long run) {
        return new VerificationScope<>(null, null, null, null, null, run);
    }

    boolean whole() {
        return from == null && to == null && listsNothing() && percent == null;
    }

    /** Tells whether the keys of the sides themselves say what is looked at. */
    boolean listsNothing() {
        return keys == null && run == null && changedSince == null;
    }
}
