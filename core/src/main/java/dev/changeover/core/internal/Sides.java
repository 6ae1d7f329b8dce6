package dev.changeover.core.internal;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Policy;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison;
import dev.changeover.core.control.FollowerLimits;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What was registered for one repository: its two sides, its keys, its rules. */
public record Sides<R, K, V>(
        String name,
        int number,
        R legacy,
        R next,
        EntityStore<K, V> legacyStore,
        EntityStore<K, V> nextStore,
        KeyType<K> keyType,
        Function<V, K> keyOf,
        Class<V> entityType,
        @Nullable UnaryOperator<V> copy,
        StateComparison<V> comparison,
        Policy policy,
        boolean shared,
        FollowerLimits limits,
        int rehearsalPercent,
        @Nullable Duration markBound,
        List<String> dependsOn,
        List<ParentKey<V>> parents) {

    public R port(Side side) {
        return side == Side.LEGACY ? legacy : next;
    }

    public EntityStore<K, V> store(Side side) {
        return side == Side.LEGACY ? legacyStore : nextStore;
    }

    /** Tells whether writes of these keys belong to the sample that is rehearsed; stable and monotone, as RAMP is. */
    boolean rehearses(List<K> keys) {
        return keys.isEmpty() || Routing.inside(Routing.bucket(keyType.hash(keys.get(0))), rehearsalPercent);
    }

    /** Writes keys as text, distinct, in a fixed order. */
    List<String> encode(Collection<K> keys) {
        LinkedHashSet<String> texts = new LinkedHashSet<>();
        for (K key : keys) {
            texts.add(keyType.encode(key));
        }
        return List.copyOf(texts);
    }

    String encodeNullable(@Nullable K key) {
        return key == null ? "" : keyType.encode(key);
    }
}
