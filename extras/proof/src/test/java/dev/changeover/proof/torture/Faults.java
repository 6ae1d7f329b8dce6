package dev.changeover.proof.torture;

import dev.changeover.core.EntityStore;
import dev.changeover.core.FoldedFind;
import dev.changeover.core.SqlProjection;
import dev.changeover.core.WatchedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Stores that fail now and then, and that stop for some milliseconds where a race would be lost. */
final class Faults {

    private final Plan plan;
    private final Random random;

    Faults(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed ^ 0xFA17);
    }

    <V> EntityStore<Long, V> on(EntityStore<Long, V> store) {
        return new Faulty<>(store);
    }

    private void fail() {
        if (plan.failEvery > 0 && random.nextInt(plan.failEvery) == 0) {
            throw new Planned();
        }
    }

    private void pause() {
        if (plan.pauseEvery > 0 && random.nextInt(plan.pauseEvery) == 0) {
            LockSupport.parkNanos(1_000_000L * (1 + random.nextInt(plan.pauseMillis)));
        }
    }

    /** A follower that fails now and then. */
    static final class Planned extends IllegalStateException {
        private static final long serialVersionUID = 1L;
    }

    private final class Faulty<V> implements EntityStore<Long, V> {

        private final EntityStore<Long, V> store;

        Faulty(EntityStore<Long, V> store) {
            this.store = store;
        }

        @Override
        public List<String> tables() {
            return store.tables();
        }

        @Override
        public Map<Long, V> find(Connection connection, Collection<Long> keys) throws SQLException {
            Map<Long, V> found = store.find(connection, keys);
            pause();
            return found;
        }

        @Override
        public void upsert(Connection connection, Collection<V> entities) throws SQLException {
            fail();
            store.upsert(connection, entities);
            fail();
        }

        @Override
        public Set<Long> insertMissing(Connection connection, Collection<V> entities) throws SQLException {
            return store.insertMissing(connection, entities);
        }

        @Override
        public void remove(Connection connection, Collection<Long> keys) throws SQLException {
            fail();
            store.remove(connection, keys);
        }

        @Override
        public List<Long> keysAfter(Connection connection, Long after, int limit) throws SQLException {
            List<Long> keys = store.keysAfter(connection, after, limit);
            pause();
            return keys;
        }

        @Override
        public long estimatedCount(Connection connection) throws SQLException {
            return store.estimatedCount(connection);
        }

        @Override
        public boolean stepsAside() {
            return store.stepsAside();
        }

        @Override
        public Optional<FoldedFind<Long, V>> foldedFind() {
            return store.foldedFind();
        }

        @Override
        public List<WatchedTable> watchedTables() {
            return store.watchedTables();
        }

        @Override
        public Optional<SqlProjection> projection() {
            return store.projection();
        }
    }
}
