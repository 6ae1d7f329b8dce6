package dev.changeover.testkit;

import dev.changeover.core.EntityStore;
import dev.changeover.core.WatchedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store that fails while a fault is set. It offers no SQL for the library to fold, so that every step passes here.
 * Safe for use by several threads.
 */
final class FaultyStore<K, V> implements EntityStore<K, V> {

    private final EntityStore<K, V> store;
    private volatile @Nullable FollowerFault fault;
    private volatile @Nullable AssertionError notCutOff;

    FaultyStore(EntityStore<K, V> store) {
        this.store = store;
    }

    /** Makes the store fail from now on, or heals it. */
    void set(@Nullable FollowerFault value) {
        fault = value;
    }

    /** Fails if a slow statement ran to its end. */
    void mustBeCutOff() {
        AssertionError failure = notCutOff;
        notCutOff = null;
        if (failure != null) {
            throw failure;
        }
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T faulty(Connection connection, Work<T> work) throws SQLException {
        FollowerFault now = fault;
        if (now == null) {
            return work.run();
        }
        try {
            now.before(connection);
        } catch (AssertionError e) {
            notCutOff = e;
            throw e;
        }
        T result = work.run();
        now.after();
        return result;
    }

    @Override
    public Map<K, V> find(Connection connection, Collection<K> keys) throws SQLException {
        return faulty(connection, () -> store.find(connection, keys));
    }

    @Override
    public void upsert(Connection connection, Collection<V> entities) throws SQLException {
        faulty(connection, () -> {
            store.upsert(connection, entities);
            return true;
        });
    }

    @Override
    public Set<K> insertMissing(Connection connection, Collection<V> entities) throws SQLException {
        return faulty(connection, () -> store.insertMissing(connection, entities));
    }

    @Override
    public void remove(Connection connection, Collection<K> keys) throws SQLException {
        faulty(connection, () -> {
            store.remove(connection, keys);
            return true;
        });
    }

    @Override
    public List<K> keysAfter(Connection connection, @Nullable K after, int limit) throws SQLException {
        return store.keysAfter(connection, after, limit);
    }

    @Override
    public long estimatedCount(Connection connection) throws SQLException {
        return store.estimatedCount(connection);
    }

    @Override
    public List<String> tables() {
        return store.tables();
    }

    @Override
    public List<WatchedTable> watchedTables() {
        return store.watchedTables();
    }

    @Override
    public boolean stepsAside() {
        return store.stepsAside();
    }
}
