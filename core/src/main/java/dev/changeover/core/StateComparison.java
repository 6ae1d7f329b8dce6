package dev.changeover.core;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares two states of one key. One rule set serves rehearsed writes, shadow reads and verification alike.
 *
 * @param <V> the entity
 */
@FunctionalInterface
public interface StateComparison<V> {

    /**
     * Returns what differs; empty if nothing does. Either side may be null, which means absent. What somebody accepts is
     * among it, and says so.
     */
    List<Difference> differences(@Nullable V authority, @Nullable V follower);

    /**
     * Returns the rules without which two states would differ in more places; empty if none was needed. Only asked for
     * states that are not {@link Object#equals equal}.
     */
    default Set<String> forgiving(V authority, V follower) {
        return Set.of();
    }

    /** Compares by {@link Object#equals} and names the whole entity as the path. */
    static <V> StateComparison<V> byEquals() {
        return (authority, follower) -> Objects.equals(authority, follower)
                ? List.of()
                : List.of(Difference.of("", Kind.of(authority, follower), authority, follower));
    }

    /** How two states differ. */
    enum Kind {
        /** Both are there and a value differs. */
        VALUE,
        /** The follower lacks what the authority has. */
        MISSING,
        /** The follower has what the authority lacks. */
        EXTRA,
        /** The same elements in another order. */
        ORDER,
        /** One side threw what the other did not. */
        ERROR,
        /** What a newer instance has recorded under a name that this one does not know; never recorded itself. */
        UNKNOWN;

        /** Returns the kind of this name, or {@link #UNKNOWN}. */
        public static Kind named(String name) {
            for (Kind each : values()) {
                if (each.name().equals(name)) {
                    return each;
                }
            }
            return UNKNOWN;
        }

        /** Returns the kind that presence and absence tell. */
        public static Kind of(@Nullable Object authority, @Nullable Object follower) {
            if (authority == null) {
                return EXTRA;
            }
            return follower == null ? MISSING : VALUE;
        }
    }

    /**
     * Somebody's word that the sides may differ in a field until a day. After that the difference counts again.
     *
     * @param owner who answers for it
     * @param reason why it may differ
     * @param expiry the first moment at which it counts again
     */
    record Acceptance(String owner, String reason, Instant expiry) {}

    /**
     * One difference.
     *
     * @param path where it is, such as {@code authProviders[LOCAL].lastUsedAt}; empty for the whole entity
     * @param kind how it differs
     * @param authority the authority's value as it may be shown: redacted unless declared safe
     * @param follower the follower's value as it may be shown
     * @param accepted who accepts it for the time being, or null if it counts
     */
    record Difference(
            String path,
            Kind kind,
            String authority,
            String follower,
            @Nullable Acceptance accepted) {

        /** Creates a difference that counts. */
        public Difference(String path, Kind kind, String authority, String follower) {
            this(path, kind, authority, follower, null);
        }

        /** Returns this difference at another path. */
        public Difference at(String otherPath) {
            return new Difference(otherPath, kind, authority, follower, accepted);
        }

        /** Returns this difference as one that somebody accepts; whoever was first stays. */
        public Difference acceptedBy(Acceptance acceptance) {
            return accepted != null ? this : new Difference(path, kind, authority, follower, acceptance);
        }

        /** Tells whether this is a divergence, since nobody accepts it. */
        public boolean counts() {
            return accepted == null;
        }

        /** Tells whether any of these counts. */
        public static boolean anyCounts(List<Difference> differences) {
            for (Difference each : differences) {
                if (each.counts()) {
                    return true;
                }
            }
            return false;
        }

        /** Creates a difference that shows only the types of the two values. */
        public static Difference of(String path, Kind kind, @Nullable Object authority, @Nullable Object follower) {
            return new Difference(path, kind, redacted(authority), redacted(follower));
        }

        private static String redacted(@Nullable Object value) {
            return value == null ? "absent" : "<" + value.getClass().getSimpleName() + ">";
        }
    }
}
