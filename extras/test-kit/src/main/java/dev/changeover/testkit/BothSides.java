package dev.changeover.testkit;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison;
import dev.changeover.core.StateComparison.Difference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the two sides through their stores and the rules of the repository. */
final class BothSides<K, V> {

    private static final int PAGE = 500;
    private static final int SHOWN = 20;

    private final TransitionContract.Stores<K, V> stores;
    private final StateComparison<V> comparison;

    BothSides(TransitionContract<?, K, V> contract) {
        this.stores = contract.stores();
        this.comparison = contract.comparison();
    }

    /** Returns what differs, by the text of the key. */
    Map<String, String> differences(Connection connection, Side authority) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        List<K> keys = new ArrayList<>(keys(connection));
        for (int from = 0; from < keys.size(); from += PAGE) {
            compare(connection, authority, keys.subList(from, Math.min(keys.size(), from + PAGE)), found);
        }
        return found;
    }

    private void compare(Connection connection, Side authority, Collection<K> keys, Map<String, String> found)
            throws SQLException {
        Map<K, V> legacy = stores.legacy().find(connection, keys);
        Map<K, V> next = stores.next().find(connection, keys);
        for (K key : keys) {
            V old = legacy.get(key);
            V fresh = next.get(key);
            List<Difference> differences =
                    authority == Side.LEGACY ? comparison.differences(old, fresh) : comparison.differences(fresh, old);
            if (!differences.isEmpty()) {
                found.put(String.valueOf(key), paths(differences) + "; legacy has " + old + ", new has " + fresh);
            }
        }
    }

    private Set<K> keys(Connection connection) throws SQLException {
        Set<K> keys = new LinkedHashSet<>();
        for (EntityStore<K, V> store : List.of(stores.legacy(), stores.next())) {
            @Nullable K last = null;
            List<K> page = store.keysAfter(connection, last, PAGE);
            while (!page.isEmpty()) {
                keys.addAll(page);
                last = page.get(page.size() - 1);
                page = store.keysAfter(connection, last, PAGE);
            }
        }
        return keys;
    }

    /** Says where and how two states differ. */
    static String paths(List<Difference> differences) {
        return differences.stream()
                .map(difference -> (difference.path().isEmpty() ? "the entity" : difference.path()) + " ("
                        + difference.kind() + ")")
                .collect(Collectors.joining(", "));
    }

    /** Lists differences for a message. */
    static String lines(Map<String, String> differences) {
        String shown = differences.entrySet().stream()
                .limit(SHOWN)
                .map(entry -> "\n  key " + entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining());
        return differences.size() > SHOWN ? shown + "\n  and " + (differences.size() - SHOWN) + " more" : shown;
    }
}
