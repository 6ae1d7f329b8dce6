package dev.changeover.core.internal;

import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.control.Control;
import dev.changeover.core.spi.CheckedWrite;
import dev.changeover.core.spi.CheckedWrite.Status;
import dev.changeover.core.spi.WriteObserver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads what a sampled write has left on both sides, in its own transaction, and compares it: what a store keeps
 * otherwise than it was told is found at the first write, not by the first reader.
 *
 * <p>It is no false alarm, though each side is read by a statement of its own. The key locks are held since before the
 * follower's state was read, so who changes the authority's entity in between can only mark it, and that mark is asked
 * for last and cannot be drained before this transaction ends. Nothing of the check reaches the caller (G3): it has a
 * savepoint, which is always rolled back and takes the time limits with it.
 */
final class WriteCheck<R, K, V> {
    private static final String OPEN =
            "SAVEPOINT changeover_check; SET LOCAL row_security = off;" + " SET LOCAL statement_timeout = ";
    private static final String CLOSE = "ROLLBACK TO SAVEPOINT changeover_check; RELEASE SAVEPOINT changeover_check";

    /** Two sides, the marks, and one to spare: together they take no longer than a follower's part may. */
    private static final int STATEMENTS = 4;

    private final Sides<R, K, V> sides;
    private final Control control;
    private final WriteObserver observer;

    WriteCheck(Sides<R, K, V> sides, Control control, WriteObserver observer) {
        this.sides = sides;
        this.control = control;
        this.observer = observer;
    }

    /** Checks a write whose follower has these keys, if it is in the sample. Throws nothing. */
    void after(FollowerPart.Followed<R, K> write, List<String> keys) {
        try {
            if (!keys.isEmpty()
                    && observer.wants(sides.name(), write.operation().name())
                    && write.entry().readCommitted()
                    && control.rehearses()) {
                List<CheckedWrite> found = check(write, keys);
                write.unit().afterCompletion(committed -> tell(found, committed));
            }
        } catch (Throwable dropped) {
            // the write is done, and a check is not worth a failed call
            return;
        }
    }

    private List<CheckedWrite> check(FollowerPart.Followed<R, K> write, List<String> keys) throws SQLException {
        int millis = Math.max(1, sides.limits().statementTimeout() / STATEMENTS);
        try {
            execute(write.connection(), OPEN + millis);
            return compare(write, keys);
        } catch (Throwable unread) {
            return keys.stream()
                    .map(key -> checked(write, key, Status.FAILED, List.of()))
                    .toList();
        } finally {
            execute(write.connection(), CLOSE);
        }
    }

    private List<CheckedWrite> compare(FollowerPart.Followed<R, K> write, List<String> texts) throws SQLException {
        Connection connection = write.connection();
        Side authority = write.authority();
        List<K> keys = texts.stream().map(sides.keyType()::decode).toList();
        Map<K, V> led = sides.store(authority).find(connection, keys);
        Map<K, V> followed = sides.store(authority.other()).find(connection, keys);
        List<CheckedWrite> found = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            K key = keys.get(i);
            found.add(judge(write, texts.get(i), sides.comparison().differences(led.get(key), followed.get(key))));
        }
        return found;
    }

    private CheckedWrite judge(FollowerPart.Followed<R, K> write, String key, List<Difference> differences)
            throws SQLException {
        boolean marked = Difference.anyCounts(differences)
                && control.ask(write.connection(), sides.number(), key).right() != null;
        return marked
                ? checked(write, key, Status.MARKED, List.of())
                : checked(write, key, Status.COMPARED, differences);
    }

    private CheckedWrite checked(
            FollowerPart.Followed<R, K> write, String key, Status status, List<Difference> differences) {
        return new CheckedWrite(
                sides.name(), write.operation().name(), key, write.entry().epoch(), status, differences);
    }

    private void tell(List<CheckedWrite> found, boolean committed) {
        found.forEach(each -> tell(committed ? each : rolledBack(each)));
    }

    private void tell(CheckedWrite write) {
        try {
            observer.checked(write);
        } catch (Throwable dropped) {
            // the caller has its commit; what an observer thinks of it is not the caller's
            return;
        }
    }

    private static CheckedWrite rolledBack(CheckedWrite write) {
        return new CheckedWrite(
                write.repository(), write.operation(), write.key(), write.epoch(), Status.ROLLED_BACK, List.of());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
