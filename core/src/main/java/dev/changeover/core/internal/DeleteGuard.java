package dev.changeover.core.internal;

import dev.changeover.core.Side;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Stops a background copy that would remove a large share of its keys, or anything while the authority looks empty: a
 * wrong schema, a truncated table or a policy that hides rows must not empty the follower.
 */
final class DeleteGuard<K, V> {

    private static final int ALWAYS_ALLOWED = 50;

    private final Sides<?, K, V> sides;
    private final double mostShare;
    private volatile boolean permitted;

    DeleteGuard(Sides<?, K, V> sides, double mostShare) {
        this.sides = sides;
        this.mostShare = mostShare;
    }

    /** Lets removals of any size pass from now on. */
    void permit() {
        permitted = true;
    }

    void check(Connection connection, Side follower, int keys, int removals) throws SQLException {
        if (permitted || removals == 0) {
            return;
        }
        if (removals > ALWAYS_ALLOWED && removals > keys * mostShare) {
            throw new SuspiciousRemovals(sides.name() + ": a batch would remove " + removals + " of " + keys
                    + " keys from " + follower + ". If that is meant, permit removals for this repository");
        }
        if (looksEmpty(connection, follower.other()) && !hasFewRows(connection, follower)) {
            throw new SuspiciousRemovals(sides.name() + ": " + follower.other() + " looks empty while " + follower
                    + " has rows. If that is meant, permit removals for this repository");
        }
    }

    private boolean looksEmpty(Connection connection, Side authority) throws SQLException {
        return sides.store(authority).keysAfter(connection, null, 1).isEmpty();
    }

    private boolean hasFewRows(Connection connection, Side follower) throws SQLException {
        return sides.store(follower)
                        .keysAfter(connection, null, ALWAYS_ALLOWED + 1)
                        .size()
                <= ALWAYS_ALLOWED;
    }
}
