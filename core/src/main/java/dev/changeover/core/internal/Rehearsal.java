package dev.changeover.core.internal;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the follower's own method in a savepoint that is always rolled back, and compares what it would have left with
 * the state of the authority. So the new write path is proven on live traffic before anybody trusts it.
 *
 * <p>It must start from a row that has the authority's state of before this write, else it reports differences that are
 * none: only when no mark is open for the key, and when the key has been copied before or absence is absence.
 */
final class Rehearsal<R, K, V> {

    private static final String SAVEPOINT = "changeover_rehearsal";

    private final Sides<R, K, V> sides;
    private final ChangeoverListener listener;

    Rehearsal(Sides<R, K, V> sides, ChangeoverListener listener) {
        this.sides = sides;
        this.listener = listener;
    }

    void rehearse(FollowerPart.Followed<R, K> write, OpenedFollower opened, Map<K, V> authority) throws SQLException {
        Call<R, ?> again = write.again();
        Side side = write.authority().other();
        if (again == null || side == Side.LEGACY) {
            return;
        }
        String reason = reasonToSkip(write, opened);
        if (reason != null) {
            listener.rehearsalSkipped(sides.name(), write.operation().name(), reason);
            return;
        }
        compare(write, authority, attempt(write.connection(), side, again, write.keys()));
    }

    private @Nullable String reasonToSkip(FollowerPart.Followed<R, K> write, OpenedFollower opened)
            throws SQLException {
        if (!opened.marks().isEmpty()) {
            return "MARKED";
        }
        if (write.entry().backfilled()) {
            return null;
        }
        EntityStore<K, V> store = sides.store(write.authority().other());
        return store.find(write.connection(), write.keys()).keySet().containsAll(write.keys())
                ? null
                : "NOT_YET_BACKFILLED";
    }

    private record Attempt<K, V>(Map<K, V> states, @Nullable Throwable failure) {}

    private Attempt<K, V> attempt(Connection connection, Side side, Call<R, ?> again, List<K> keys)
            throws SQLException {
        execute(connection, "SAVEPOINT " + SAVEPOINT);
        try {
            FollowerScope.on(side, sides.port(side), again);
            return new Attempt<>(sides.store(side).find(connection, keys), null);
        } catch (Throwable failure) {
            return new Attempt<>(Map.of(), failure);
        } finally {
            execute(connection, "ROLLBACK TO SAVEPOINT " + SAVEPOINT + "; RELEASE SAVEPOINT " + SAVEPOINT);
        }
    }

    private void compare(FollowerPart.Followed<R, K> write, Map<K, V> authority, Attempt<K, V> attempt) {
        String operation = write.operation().name();
        Throwable failure = attempt.failure();
        for (K key : write.keys()) {
            List<Difference> differences = failure != null
                    ? List.of(new Difference(
                            "", Kind.ERROR, "value", failure.getClass().getName()))
                    : sides.comparison()
                            .differences(authority.get(key), attempt.states().get(key));
            listener.rehearsed(sides.name(), operation, sides.keyType().encode(key), differences);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
