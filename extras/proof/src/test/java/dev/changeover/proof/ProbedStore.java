package dev.changeover.proof;

import dev.changeover.core.EntityStore;
import dev.changeover.core.SqlProjection;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store with points to stop at: "find", "upsert", "insertMissing" and "remove" for everybody, and the same with "job "
 * in front for the library's own work in the background. Also the base of stores that break a rule.
 */
class ProbedStore implements EntityStore<Long, Account> {

    private final EntityStore<Long, Account> store;
    private final Probe probe;

    ProbedStore(EntityStore<Long, Account> store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    private void reach(String point) {
        probe.reach(Scene.inJob() ? "job " + point : point);
    }

    @Override
    public List<String> tables() {
        return store.tables();
    }

    @Override
    public Map<Long, Account> find(Connection connection, Collection<Long> keys) throws SQLException {
        reach("find");
        return store.find(connection, keys);
    }

    @Override
    public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
        reach("upsert");
        store.upsert(connection, entities);
    }

    @Override
    public Set<Long> insertMissing(Connection connection, Collection<Account> entities) throws SQLException {
        reach("insertMissing");
        return store.insertMissing(connection, entities);
    }

    @Override
    public void remove(Connection connection, Collection<Long> keys) throws SQLException {
        reach("remove");
        store.remove(connection, keys);
    }

    @Override
    public List<Long> keysAfter(Connection connection, Long after, int limit) throws SQLException {
        return store.keysAfter(connection, after, limit);
    }

    @Override
    public long estimatedCount(Connection connection) throws SQLException {
        return store.estimatedCount(connection);
    }

    @Override
    public Optional<SqlProjection> projection() {
        return store.projection();
    }
}
