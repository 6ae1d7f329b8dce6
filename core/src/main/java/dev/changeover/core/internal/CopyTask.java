package dev.changeover.core.internal;

import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of a job have in common.
 *
 * @param number the number of the repository
 * @param job the name of the job
 * @param epoch at which it began; copies under another one are refused
 */
record CopyTask<K>(
        String name,
        int number,
        String job,
        Side follower,
        long epoch,
        KeyType<K> keyType,
        KeyCopy<K> copy,
        DataSource dataSource) {

    /** A background copy waits so long for the fence or for a row. */
    private static final int LOCK_MILLIS = 500;

    /** Copies the next keys of a range, in the transaction of this connection. */
    Chunk copyNext(Connection connection, KeyRange range, int limit) throws SQLException {
        CopyTransaction transaction = CopyTransaction.enter(connection, number, follower, epoch, LOCK_MILLIS);
        List<K> keys = upTo(range.toKey(), copy.next(connection, decode(range.position()), limit));
        boolean last = keys.size() < limit;
        if (keys.isEmpty()) {
            return new Chunk(range.position(), 0, 0, 0, true);
        }
        KeyCopy.Outcome outcome = copy.copy(connection, transaction, keys);
        String lastKey = keyType.encode(keys.get(keys.size() - 1));
        return new Chunk(lastKey, keys.size(), outcome.skipped(), outcome.parked(), last);
    }

    private List<K> upTo(@Nullable String toKey, List<K> keys) {
        if (toKey == null) {
            return keys;
        }
        K end = keyType.decode(toKey);
        return keys.stream()
                .takeWhile(key -> keyType.order().compare(key, end) <= 0)
                .toList();
    }

    /** Returns the key so many keys behind the position of a range, or null if there are fewer. */
    @Nullable
    String keyBehind(Connection connection, KeyRange range, int keys) throws SQLException {
        List<K> next = copy.next(connection, decode(range.position()), keys);
        return next.size() < keys ? null : keyType.encode(next.get(keys - 1));
    }

    private @Nullable K decode(@Nullable String text) {
        return text == null ? null : keyType.decode(text);
    }

    /** Does something in one transaction, and again if what went wrong passes. */
    <T> T inTransaction(SqlTransaction.Work<T> work) throws SQLException {
        return retrying(() -> SqlTransaction.readCommitted(dataSource, work));
    }

    /** The same for what opens its transactions by itself. What is lost in a commit whose reply is lost is asked again. */
    <T> T retrying(Asked<T> asked) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return asked.ask();
            } catch (SQLException e) {
                if (attempt >= 20 || !SqlStates.isPassing(e)) {
                    throw e;
                }
                Pauses.millis(20L * attempt);
            }
        }
    }

    /** Something that the database is asked. */
    @FunctionalInterface
    interface Asked<T> {
        T ask() throws SQLException;
    }

    String jobName() {
        return job.toLowerCase(Locale.ROOT);
    }
}
