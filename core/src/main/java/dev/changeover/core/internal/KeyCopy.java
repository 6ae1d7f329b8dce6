package dev.changeover.core.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a job over all keys of a repository does with them. */
interface KeyCopy<K> {

    /** Returns the next keys, in their order. */
    List<K> next(Connection connection, @Nullable K after, int limit) throws SQLException;

    /** Copies these keys as far as they are free, and marks the others. */
    Outcome copy(Connection connection, CopyTransaction copy, List<K> keys) throws SQLException;

    /**
     * What became of some keys.
     *
     * @param skipped how many a writer held
     * @param parked how many cannot be copied
     */
    record Outcome(int skipped, int parked) {}
}
