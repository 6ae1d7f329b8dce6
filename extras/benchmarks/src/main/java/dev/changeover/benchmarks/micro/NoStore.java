package dev.changeover.benchmarks.micro;

import dev.changeover.core.EntityStore;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A store for a repository that is only read. */
final class NoStore implements EntityStore<Long, User> {

    @Override
    public List<String> tables() {
        return List.of();
    }

    @Override
    public Map<Long, User> find(Connection connection, Collection<Long> keys) {
        return Map.of();
    }

    @Override
    public void upsert(Connection connection, Collection<User> entities) {}

    @Override
    public Set<Long> insertMissing(Connection connection, Collection<User> entities) {
        return Set.of();
    }

    @Override
    public void remove(Connection connection, Collection<Long> keys) {}

    @Override
    public List<Long> keysAfter(Connection connection, Long after, int limit) {
        return List.of();
    }

    @Override
    public long estimatedCount(Connection connection) {
        return 0;
    }
}
