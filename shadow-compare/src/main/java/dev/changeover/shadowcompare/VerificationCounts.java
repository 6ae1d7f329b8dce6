package dev.changeover.shadowcompare;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a verification counted; always exact.
 *
 * @param legacy keys that legacy has
 * @param next keys that new has
 * @param equal keys that are equal
 * @param different keys that both have and that differ
 * @param missing keys that only the authority has
 * @param extra keys that only the follower has
 * @param unmappable keys that a side cannot read as an entity
 * @param marked keys that were still marked at the end, and so not judged
 * @param accepted keys that both have and that differ only where somebody accepts it
 */
public record VerificationCounts(
        long legacy,
        long next,
        long equal,
        long different,
        long missing,
        long extra,
        long unmappable,
        long marked,
        long accepted) {

    /** Counts where nothing that differs was accepted. */
    public VerificationCounts(
            long legacy,
            long next,
            long equal,
            long different,
            long missing,
            long extra,
            long unmappable,
            long marked) {
        this(legacy, next, equal, different, missing, extra, unmappable, marked, 0);
    }

    /** Returns the counts by the names that the control schema and results of requests have for them. */
    Map<String, Long> named() {
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("legacy", legacy);
        named.put("next", next);
        named.put("equal", equal);
        named.put("different", different);
        named.put("missing", missing);
        named.put("extra", extra);
        named.put("unmappable", unmappable);
        named.put("marked", marked);
        named.put("accepted", accepted);
        return named;
    }

    /** Returns counts from the names that {@link #named()} gives them. */
    static VerificationCounts named(Map<String, Long> named) {
        return new VerificationCounts(
                named.getOrDefault("legacy", 0L),
                named.getOrDefault("next", 0L),
                named.getOrDefault("equal", 0L),
                named.getOrDefault("different", 0L),
                named.getOrDefault("missing", 0L),
                named.getOrDefault("extra", 0L),
                named.getOrDefault("unmappable", 0L),
                named.getOrDefault("marked", 0L),
                named.getOrDefault("accepted", 0L));
    }

    /** Returns how many keys were judged. */
    public long compared() {
        return equal + accepted + diverged();
    }

    /** Returns how many keys differ, in whatever way. */
    public long diverged() {
        return different + missing + extra + unmappable;
    }
}
