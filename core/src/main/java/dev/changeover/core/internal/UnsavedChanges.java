package dev.changeover.core.internal;

import dev.changeover.core.UnsavedChangeException;
import dev.changeover.core.spi.UnitOfWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of each mutable entity that new, as the authority, returned to a unit that may write, and compares it
 * before the commit. Services that lived with an object mapper change what a read returned and rely on its flush; new's
 * implementation has none, and the change would vanish without a word.
 */
final class UnsavedChanges<K, V> {

    private final Sides<?, K, V> sides;
    private final Object unitKey = new Object();

    UnsavedChanges(Sides<?, K, V> sides) {
        this.sides = sides;
    }

    private static final class Returned<K, V> {
        private final String operation;
        private final K key;
        private final V entity;
        private V saved;

        Returned(String operation, K key, V entity, V saved) {
            this.operation = operation;
            this.key = key;
            this.entity = entity;
            this.saved = saved;
        }
    }

    boolean watches() {
        return sides.copy() != null;
    }

    /** Remembers the entities in a result as they are now. */
    void returned(UnitOfWork unit, Operation operation, @Nullable Object result) {
        UnaryOperator<V> copy = sides.copy();
        if (copy == null || result == null) {
            return;
        }
        List<Returned<K, V>> known = known(unit);
        for (V entity : entities(result)) {
            known.add(new Returned<>(operation.name(), sides.keyOf().apply(entity), entity, copy.apply(entity)));
        }
    }

    /** These keys were written: what their entities say now is what the unit wants to be. */
    void written(UnitOfWork unit, Collection<K> keys) {
        UnaryOperator<V> copy = Objects.requireNonNull(sides.copy());
        for (Returned<K, V> each : known(unit)) {
            if (keys.contains(each.key)) {
                each.saved = copy.apply(each.entity);
            }
        }
    }

    private List<Returned<K, V>> known(UnitOfWork unit) {
        return unit.resource(unitKey, () -> {
            List<Returned<K, V>> known = new ArrayList<>();
            unit.beforeCommit(() -> known.forEach(this::requireSaved));
            return known;
        });
    }

    private void requireSaved(Returned<K, V> returned) {
        if (!sides.comparison().differences(returned.saved, returned.entity).isEmpty()) {
            throw new UnsavedChangeException(
                    sides.name(), returned.operation, sides.keyType().encode(returned.key));
        }
    }

    private List<V> entities(Object result) {
        List<V> entities = new ArrayList<>();
        Object one = result instanceof Optional<?> optional ? optional.orElse(null) : result;
        if (one instanceof Iterable<?> several) {
            several.forEach(each -> add(entities, each));
        } else {
            add(entities, one);
        }
        return entities;
    }

    private void add(List<V> entities, @Nullable Object candidate) {
        if (sides.entityType().isInstance(candidate)) {
            entities.add(sides.entityType().cast(candidate));
        }
    }
}
