package dev.changeover.core.memory;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import java.sql.Connection;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store over a map, which a port over the same map shares. The connection is ignored. As safe for use by several
 * threads as its map.
 *
 * @param <K> the key
 * @param <V> the entity; immutable, since the map and its callers share it
 */
public final class MapStore<K, V> implements EntityStore<K, V> {

    private final Map<K, V> map;
    private final KeyType<K> keyType;
    private final Function<V, K> key;

    private MapStore(Map<K, V> map, KeyType<K> keyType, Function<V, K> key) {
        this.map = map;
        this.keyType = keyType;
        this.key = key;
    }

    /** Creates a store that reads and writes this very map. */
    public static <K, V> MapStore<K, V> over(Map<K, V> map, KeyType<K> keyType, Function<V, K> key) {
        return new MapStore<>(map, keyType, key);
    }

    @Override
    public List<String> tables() {
        return List.of();
    }

    @Override
    public Map<K, V> find(Connection connection, Collection<K> keys) {
        Map<K, V> found = new LinkedHashMap<>();
        for (K wanted : keys) {
            V value = map.get(wanted);
            if (value != null) {
                found.put(wanted, value);
            }
        }
        return found;
    }

    @Override
    public void upsert(Connection connection, Collection<V> entities) {
        entities.forEach(entity -> map.put(key.apply(entity), entity));
    }

    @Override
    public Set<K> insertMissing(Connection connection, Collection<V> entities) {
        Set<K> written = new HashSet<>();
        for (V entity : entities) {
            K of = key.apply(entity);
            if (map.putIfAbsent(of, entity) == null) {
                written.add(of);
            }
        }
        return written;
    }

    @Override
    public void remove(Connection connection, Collection<K> keys) {
        keys.forEach(map::remove);
    }

    @Override
    public List<K> keysAfter(Connection connection, @Nullable K after, int limit) {
        return map.keySet().stream()
                .filter(candidate -> after == null || keyType.order().compare(candidate, after) > 0)
                .sorted(keyType.order())
                .limit(limit)
                .toList();
    }

    @Override
    public long estimatedCount(Connection connection) {
        return map.size();
    }
}
