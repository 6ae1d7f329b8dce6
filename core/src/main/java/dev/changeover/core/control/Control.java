package dev.changeover.core.control;

import dev.changeover.core.FoldedFind;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.Side;
import dev.changeover.core.gate.GateFacts;
import dev.changeover.core.measure.Counts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where stages, fences and marks are kept. What takes a connection runs in the transaction of that connection; the rest
 * uses connections of its own. Implementations are safe for use by several threads.
 */
public interface Control {

    /** Makes a repository known and returns its number; harmless if it is known already. */
    int register(Registration registration);

    /** Reads the state of all known repositories at one instant. */
    List<RepositoryState> states();

    /**
     * Reads how all repositories are doing, at one instant.
     *
     * @throws UnsupportedOperationException if this control knows no instances and transactions but its own
     */
    default List<RepositoryStatus> status() {
        throw new UnsupportedOperationException("this control keeps no status; ask for states()");
    }

    /** Says that this instance is alive and has seen these states, for as long as the lease. */
    void heartbeat(String instance, String application, Duration lease, Collection<RepositoryState> seen);

    /**
     * Enters the fence and returns the stage.
     *
     * @param keys the keys that a routed write declares, and which it signs where sentinels watch; null for a read
     */
    Entry enter(Connection connection, int repository, @Nullable List<String> keys) throws SQLException;

    /**
     * Asks for stage and marks before a follower serves a read.
     *
     * @param connection the connection of the unit of work that reads, or null for a connection of its own
     * @param key the key that is read, or null for any of the repository, and of those that it depends on as far as new
     *     lacks their state: a query may join them
     */
    Answer ask(@Nullable Connection connection, int repository, @Nullable String key) throws SQLException;

    /**
     * Returns up to so many marked keys of a repository, at one instant, on a connection of its own.
     *
     * @throws UnsupportedOperationException if this control keeps nothing that could be cached
     */
    default MarkedKeys marked(int repository, int most) throws SQLException {
        throw new UnsupportedOperationException("this control has no marks to cache; do without cachedMarks");
    }

    /** Tells whether the server refuses writes in the transaction of this connection. */
    default boolean readOnly(Connection connection) throws SQLException {
        return true;
    }

    /** Returns the statements that make speak now what would otherwise speak only at the caller's commit. */
    default List<String> deferredConstraints(Connection connection, List<String> tables) throws SQLException {
        return List.of();
    }

    /** Sets the savepoint behind which a follower serves a read in a transaction of the caller. */
    void setReadSavepoint(Connection connection) throws SQLException;

    /** Releases the savepoint of {@link #setReadSavepoint}. */
    void releaseReadSavepoint(Connection connection) throws SQLException;

    /** Goes back to the savepoint of {@link #setReadSavepoint} and releases it. */
    void undoReadSavepoint(Connection connection) throws SQLException;

    /** Sets a savepoint, the follower's limits and the key locks, in one round trip. */
    OpenedFollower openFollower(
            Connection connection, int repository, Entry entry, List<String> keys, FollowerLimits limits)
            throws SQLException;

    /** As {@link #openFollower}, and reads the states of the keys at the authority in the same round trip. */
    default <K, V> OpenedWithStates<K, V> openFollower(
            Connection connection,
            int repository,
            Entry entry,
            List<String> keys,
            FollowerLimits limits,
            FoldedFind<K, V> find)
            throws SQLException {
        throw new UnsupportedOperationException("this control sends no SQL");
    }

    /**
     * Does a whole follower's part in one round trip; fails with SQLSTATE 55P03 if the key locks are taken, and with
     * {@link FoldedCopy#COLLECTED} if sentinels have collected more keys than these.
     */
    default void copyFolded(
            Connection connection,
            int repository,
            Entry entry,
            List<String> keys,
            FollowerLimits limits,
            FoldedCopy copy)
            throws SQLException {
        throw new UnsupportedOperationException("this control sends no SQL");
    }

    /**
     * Locks those keys of a parent repository that are marked, inside a follower's part that is open, and returns the
     * marks of each; none if that repository is followed by another side. Fails with SQLSTATE 55P03 if they are taken.
     */
    default Map<String, List<Long>> openParents(
            Connection connection, int repository, List<String> keys, Side follower, FollowerLimits limits)
            throws SQLException {
        return Map.of();
    }

    /**
     * What {@link #openFollower} found.
     *
     * @param <K> the key
     * @param <V> the entity
     * @param opened as without the states
     * @param states the states of the keys that the authority has
     */
    record OpenedWithStates<K, V>(OpenedFollower opened, Map<K, V> states) {}

    /** Makes the follower's deferred constraints speak, clears the marks, ends the signed interval, puts all back. */
    void closeFollower(
            Connection connection, int repository, Entry entry, OpenedFollower opened, List<String> deferredConstraints)
            throws SQLException;

    /** Goes back to the savepoint of {@link #openFollower}, from where the follower's part may begin again. */
    void rollbackFollower(Connection connection) throws SQLException;

    /** Goes back to the savepoint of {@link #openFollower} and leaves, in one round trip. */
    void undoFollower(Connection connection, int repository, Entry entry, List<String> keys, String reason)
            throws SQLException;

    /** Returns the tables of a repository whose sentinels are missing or switched off. */
    default List<String> asleep(Connection connection, int repository) throws SQLException {
        return List.of();
    }

    /**
     * Takes the key locks of a write that is to be rehearsed, before the authority's method, as far as they are free.
     * Harms nothing if it fails.
     *
     * @return whether all were free
     */
    default boolean reserve(Connection connection, int repository, List<String> keys) throws SQLException {
        return true;
    }

    /** Tells whether what the follower's own method does can be undone, without which nothing is rehearsed. */
    default boolean rehearses() {
        return true;
    }

    /**
     * Ends a routed write that is not copied: marks its keys, and what sentinels have collected besides, since the other
     * side may not have their present state, and ends the signed interval.
     */
    default void leave(Connection connection, int repository, Entry entry, List<String> keys, String reason)
            throws SQLException {
        mark(connection, repository, keys, entry.authority(), reason);
    }

    /** Marks keys: the other side may not have their present state. */
    void mark(Connection connection, int repository, List<String> keys, Side right, String reason) throws SQLException;

    /**
     * Moves repositories to another stage.
     *
     * @param lastKeys converges the keys that are still marked, inside the transaction of the move
     */
    List<RepositoryState> move(Move move, LastKeys lastKeys);

    /** Changes the percentage of reads that new serves in RAMP. */
    default void percent(List<String> repositories, int percent, String actor, String reason) {
        percent(new PercentChange(repositories, percent, actor, reason));
    }

    /**
     * Changes the percentage of reads that new serves in RAMP, if it is as the asker has seen it.
     *
     * @throws dev.changeover.core.MoveRefusedException with code {@code CO019} if it is not; nothing was changed then
     */
    void percent(PercentChange change);

    /**
     * Reads what gates look at, at one instant.
     *
     * @throws UnsupportedOperationException if this control keeps none of it
     */
    default GateFacts gateFacts(String repository) {
        throw new UnsupportedOperationException("this control keeps nothing that gates could look at");
    }

    /** Writes into the history that a person vouches for something, for so long. */
    default void attest(String repository, String what, Duration valid, String actor, String reason) {
        throw new UnsupportedOperationException("this control keeps nothing that gates could look at");
    }

    /** Adds what this instance counted to what all of them did; controls without a database forget it. */
    default void measure(Counts counts) {}

    /** Changes the routing keys that are served by new, or by legacy, at any percentage of RAMP. */
    void routeLists(String repository, Collection<String> allow, Collection<String> deny, String actor, String reason);

    /** Converges the last marked keys of a repository while its fence is closed. */
    @FunctionalInterface
    interface LastKeys {
        /** Converges what is marked, if it is little; leaves the rest to the count that follows. */
        void converge(Connection connection, RepositoryState state) throws SQLException;
    }
}
