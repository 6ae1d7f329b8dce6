package dev.changeover.core.internal;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the follower's own method in a savepoint that is always rolled back, and compares what it would have left with
 * the state of the authority. So the new write path is proven on live traffic before anybody trusts it.
 *
 * <p>It must start from a row that has the authority's state of before this write, else it reports differences that are
 * none: only when no mark is open for the key, when the key has been copied before or absence is absence, and when its
 * key lock was taken before the authority's method, so that nobody has written it in between.
 */
final class Rehearsal<R, K, V> {

    private static final String SAVEPOINT = "changeover_rehearsal";

    private final Sides<R, K, V> sides;
    private final Control control;
    private final ChangeoverListener listener;

    Rehearsal(Sides<R, K, V> sides, Control control, ChangeoverListener listener) {
        this.sides = sides;
        this.control = control;
        this.listener = listener;
    }

    void rehearse(FollowerPart.Followed<R, K> write, OpenedFollower opened, Map<K, V> authority) throws SQLException {
        Side side = write.authority().other();
        String reason = reasonToSkip(write, opened);
        if (reason != null) {
            listener.rehearsalSkipped(sides.name(), write.operation().name(), reason);
            return;
        }
        Attempt<K, V> attempt = attempt(write, side);
        if (contention(attempt.failure())) {
            listener.rehearsalSkipped(sides.name(), write.operation().name(), "CONTENTION");
        } else if (lacksParent(write, attempt.failure())) {
            listener.rehearsalSkipped(sides.name(), write.operation().name(), "MARKED");
        } else {
            compare(write, authority, attempt);
        }
    }

    private @Nullable String reasonToSkip(FollowerPart.Followed<R, K> write, OpenedFollower opened)
            throws SQLException {
        if (!write.reserved()) {
            return "CONTENTION";
        }
        if (!opened.marks().isEmpty() || markedSince(write)) {
            return "MARKED";
        }
        if (write.entry().stale()) {
            return "STALE";
        }
        if (write.entry().backfilled()) {
            return null;
        }
        EntityStore<K, V> store = sides.store(write.authority().other());
        return store.find(write.connection(), write.keys()).keySet().containsAll(write.keys())
                ? null
                : "NOT_YET_BACKFILLED";
    }

    /**
     * The authority's state was read after the marks. A write that only marks (REPEATABLE READ) takes no key lock, so it
     * can commit in between: then the state has it and the follower has not. Its mark stays until the key lock is free.
     */
    private boolean markedSince(FollowerPart.Followed<R, K> write) throws SQLException {
        for (String key : write.keyTexts()) {
            if (control.ask(write.connection(), sides.number(), key).right() != null) {
                return true;
            }
        }
        return false;
    }

    private record Attempt<K, V>(Map<K, V> states, @Nullable Throwable failure) {}

    /** Waiting for somebody's row or unique value is the lot of a rehearsal, not a mistake of the new method. */
    private static boolean contention(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                String state = String.valueOf(e.getSQLState());
                return state.equals("55P03")
                        || state.equals("57014")
                        || state.startsWith("40")
                        || state.startsWith("53");
            }
        }
        return false;
    }

    /** A parent that is marked is on its way: that the child was refused without it is no mistake of the new method. */
    private boolean lacksParent(FollowerPart.Followed<R, K> write, @Nullable Throwable failure) throws SQLException {
        return !sides.dependsOn().isEmpty()
                && SqlStates.isForeignKey(failure)
                && control.ask(write.connection(), sides.number(), null).right() != null;
    }

    private Attempt<K, V> attempt(FollowerPart.Followed<R, K> write, Side side) throws SQLException {
        Connection connection = write.connection();
        execute(connection, "SAVEPOINT " + SAVEPOINT);
        try {
            Call<R, ?> again = Objects.requireNonNull(write.again().get(), "no call to rehearse");
            FollowerScope.on(side, sides.port(side), again);
            return new Attempt<>(sides.store(side).find(connection, write.keys()), null);
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
