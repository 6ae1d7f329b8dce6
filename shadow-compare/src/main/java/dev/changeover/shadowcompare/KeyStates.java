package dev.changeover.shadowcompare;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.UnmappableRowException;
import dev.changeover.shadowcompare.KeyState.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of some keys, and the marks that excuse them, read in the one snapshot of the caller's transaction. Marks
 * read apart from the sides would accuse a key whose mark was drained in between.
 *
 * @param control what the control schema says in that snapshot
 * @param keys the state of each key that was asked for
 */
record KeyStates<K>(Control control, Map<K, KeyState> keys) {

    static <K, V> KeyStates<K> read(
            ComparedRepository<K, V> repository, Connection connection, Collection<K> keys, Duration timeout)
            throws SQLException {
        List<String> texts = keys.stream().map(repository.keyType()::encode).toList();
        Control control = Control.read(connection, repository.name(), texts, timeout);
        Map<K, KeyState> states = new LinkedHashMap<>();
        if (!keys.isEmpty()) {
            SideStates<K, V> authority = SideStates.find(repository.store(control.authority()), connection, keys);
            SideStates<K, V> follower =
                    SideStates.find(repository.store(control.authority().other()), connection, keys);
            for (K key : keys) {
                states.put(key, state(repository, control, key, authority, follower));
            }
        }
        return new KeyStates<>(control, states);
    }

    private static <K, V> KeyState state(
            ComparedRepository<K, V> repository,
            Control control,
            K key,
            SideStates<K, V> authority,
            SideStates<K, V> follower) {
        List<Difference> differences = differences(repository, key, authority, follower);
        boolean missing = authority.has(key) && !follower.has(key);
        boolean excused = !control.followerIsWhole() && (missing || control.stale() != null);
        Status status;
        if (control.marked().contains(repository.keyType().encode(key))) {
            status = Status.MARKED;
        } else if (differences.isEmpty()) {
            status = Status.EQUAL;
        } else if (excused) {
            status = Status.NOT_YET_BACKFILLED;
        } else {
            status = Difference.anyCounts(differences) ? Status.DIFFERENT : Status.ACCEPTED;
        }
        boolean legacyLeads = control.authority() == Side.LEGACY;
        return new KeyState(
                status,
                differences,
                (legacyLeads ? authority : follower).has(key),
                (legacyLeads ? follower : authority).has(key),
                forgiving(
                        repository, authority.found().get(key), follower.found().get(key)));
    }

    private static <V> Set<String> forgiving(
            ComparedRepository<?, V> repository, @Nullable V authority, @Nullable V follower) {
        return authority == null || follower == null || authority.equals(follower)
                ? Set.of()
                : repository.states().forgiving(authority, follower);
    }

    private static <K, V> List<Difference> differences(
            ComparedRepository<K, V> repository, K key, SideStates<K, V> authority, SideStates<K, V> follower) {
        UnmappableRowException one = authority.unmappable().get(key);
        UnmappableRowException other = follower.unmappable().get(key);
        if (one == null && other == null) {
            return repository
                    .states()
                    .differences(authority.found().get(key), follower.found().get(key));
        }
        return List.of(new Difference("", Kind.ERROR, reason(one), reason(other)));
    }

    private static String reason(@Nullable UnmappableRowException failure) {
        return failure == null ? "readable" : "unmappable " + failure.table() + "." + failure.column();
    }

    boolean any(Status status) {
        return keys.values().stream().anyMatch(each -> each.is(status));
    }

    /**
     * The states of one side; a row that cannot be mapped is told apart from one that is absent.
     *
     * @param found the states by key
     * @param unmappable the rows without an image, by key
     */
    private record SideStates<K, V>(Map<K, V> found, Map<K, UnmappableRowException> unmappable) {

        static <K, V> SideStates<K, V> find(EntityStore<K, V> store, Connection connection, Collection<K> keys)
                throws SQLException {
            try {
                return new SideStates<>(store.find(connection, keys), Map.of());
            } catch (UnmappableRowException e) {
                return oneByOne(store, connection, keys);
            }
        }

        private static <K, V> SideStates<K, V> oneByOne(
                EntityStore<K, V> store, Connection connection, Collection<K> keys) throws SQLException {
            SideStates<K, V> states = new SideStates<>(new HashMap<>(), new HashMap<>());
            for (K key : keys) {
                try {
                    states.found.putAll(store.find(connection, List.of(key)));
                } catch (UnmappableRowException e) {
                    states.unmappable.put(key, e);
                }
            }
            return states;
        }

        boolean has(K key) {
            return found.containsKey(key) || unmappable.containsKey(key);
        }
    }
}
