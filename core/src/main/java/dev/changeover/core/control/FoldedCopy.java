package dev.changeover.core.control;

import dev.changeover.core.SqlProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A follower's part that the server does by itself, from one side's projection into the other's tables, sent as one
 * message: savepoint, limits, key locks, copy, constraints, marks, release.
 *
 * @param sql the statements
 * @param keyParameters how many of them take the array of keys
 */
public record FoldedCopy(String sql, int keyParameters) {

    /** The SQLSTATE of a message that names fewer keys than sentinels have collected. */
    public static final String COLLECTED = "CO031";

    /** Makes the copy from one side into the other, if both have projections onto the same columns. */
    public static @Nullable FoldedCopy between(
            Optional<SqlProjection> authority, Optional<SqlProjection> follower, List<String> deferredConstraints) {
        if (authority.isEmpty()
                || follower.isEmpty()
                || !authority.get().columns().equals(follower.get().columns())) {
            return null;
        }
        List<String> absorb = follower.get().absorb("(" + authority.get().select() + ")");
        List<String> all = new ArrayList<>();
        all.add("SAVEPOINT changeover");
        all.add("SELECT changeover.open_folded(?, ?, ?, ?, ?, ?)");
        all.addAll(absorb);
        all.addAll(deferredConstraints);
        all.add("SELECT changeover.close_folded(?, ?, ?)");
        all.add("RELEASE SAVEPOINT changeover");
        return new FoldedCopy(String.join("; ", all), absorb.size());
    }
}
