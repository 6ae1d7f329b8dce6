package dev.changeover.core;

import dev.changeover.core.internal.KeySource;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys of a call: in an entity argument or result, in an argument of the key's type, in collections of these,
 * or by a declared function.
 */
final class MethodKeys<K, V> {

    private enum Source {
        NONE,
        KEY,
        KEYS,
        ENTITY,
        ENTITIES
    }

    private final Class<V> entityType;
    private final Class<K> keyType;
    private final Function<V, @Nullable K> keyOf;
    private final Source[] arguments;
    private final Source result;
    private final @Nullable BiFunction<Object[], @Nullable Object, Collection<?>> declared;

    /** What keys and entities are. */
    record Types<K, V>(Class<V> entity, Class<K> key, Function<V, @Nullable K> keyOf) {}

    MethodKeys(
            Method method,
            PortTypes types,
            Types<K, V> of,
            @Nullable BiFunction<Object[], @Nullable Object, Collection<?>> declared) {
        this.entityType = of.entity();
        this.keyType = of.key();
        this.keyOf = of.keyOf();
        this.declared = declared;
        this.arguments = Arrays.stream(method.getGenericParameterTypes())
                .map(type -> source(types.raw(type), types.element(type)))
                .toArray(Source[]::new);
        this.result = source(types.raw(method.getGenericReturnType()), types.element(method.getGenericReturnType()));
    }

    private Source source(Class<?> raw, @Nullable Class<?> element) {
        if (isEntity(raw)) {
            return Source.ENTITY;
        }
        if (element != null && isEntity(element)) {
            return Source.ENTITIES;
        }
        if (isKey(raw)) {
            return Source.KEY;
        }
        return element != null && isKey(element) ? Source.KEYS : Source.NONE;
    }

    /** A subtype of the entity is one, and so is an interface of it that the key does not have. */
    private boolean isEntity(Class<?> type) {
        boolean above = type.isAssignableFrom(entityType) && !type.isAssignableFrom(keyType);
        return type != Object.class && (above || entityType.isAssignableFrom(type));
    }

    private boolean isKey(Class<?> type) {
        return type == keyType || (type == long.class && keyType == Long.class);
    }

    /** Tells whether some argument, the result, or a declared function names keys. */
    boolean known() {
        return declared != null || result == Source.ENTITY || result == Source.ENTITIES || fromArguments();
    }

    /** Tells whether more than one argument is of the key's type, so that it is not clear which one is the key. */
    boolean ambiguous() {
        return declared == null
                && Arrays.stream(arguments)
                                .filter(source -> source == Source.KEY)
                                .count()
                        > 1
                && Arrays.stream(arguments).noneMatch(source -> source == Source.ENTITY || source == Source.ENTITIES);
    }

    /** Tells whether one key is known before the call. */
    boolean single() {
        return declared != null || Arrays.stream(arguments).anyMatch(s -> s == Source.KEY || s == Source.ENTITY);
    }

    private boolean fromArguments() {
        return Arrays.stream(arguments).anyMatch(source -> source != Source.NONE);
    }

    /** Returns the first key among the arguments, or null. */
    @Nullable
    K first(Object[] values) {
        if (declared == null && values.length > 0 && values[0] != null && arguments[0] == Source.KEY) {
            return keyType.cast(values[0]); // nearly every read, and nothing is allocated for it
        }
        List<K> keys = ofArguments(values).keys();
        return keys.isEmpty() ? null : keys.get(0);
    }

    KeySource<K> of(Object[] values) {
        Found<K> before = ofArguments(values);
        return new KeySource<>() {
            @Override
            public List<K> declared() {
                return before.keys();
            }

            @Override
            public boolean complete() {
                return declared != null
                        || (before.withoutKey() == 0 && !before.keys().isEmpty());
            }

            @Override
            public List<K> all(@Nullable Object returned) {
                return declared != null
                        ? cast(declared.apply(values, returned))
                        : afterwards(before.keys(), values, returned);
            }
        };
    }

    /** The authority may have set the key in the argument, returned the entity, or returned the key alone. */
    private List<K> afterwards(List<K> before, Object[] values, @Nullable Object returned) {
        Found<K> after = ofArguments(values);
        Set<K> keys = new LinkedHashSet<>(before);
        keys.addAll(after.keys());
        int known = keys.size();
        if (returned != null) {
            addResult(keys, after.withoutKey() > 0, returned);
        }
        if (after.withoutKey() > keys.size() - known) {
            throw new ChangeoverException("An entity was written whose key neither the arguments nor the result tell."
                    + " Name the keys of this method with keys(..)");
        }
        return List.copyOf(keys);
    }

    /** A result of the key's type is a key only if an entity still lacks one: else it may be a count. */
    private void addResult(Set<K> keys, boolean keyIsMissing, Object returned) {
        if (result == Source.ENTITY || result == Source.ENTITIES) {
            add(keys, result, returned);
        } else if (keyIsMissing && result != Source.NONE) {
            add(keys, result, returned);
        }
    }

    private record Found<K>(List<K> keys, int withoutKey) {}

    private Found<K> ofArguments(Object[] values) {
        if (declared != null) {
            return new Found<>(cast(declared.apply(values, null)), 0);
        }
        Set<K> keys = new LinkedHashSet<>();
        int withoutKey = 0;
        for (int i = 0; i < arguments.length; i++) {
            if (values[i] != null) {
                withoutKey += add(keys, arguments[i], values[i]);
            }
        }
        return new Found<>(List.copyOf(keys), withoutKey);
    }

    /** Returns how many entities had no key. */
    private int add(Set<K> keys, Source source, Object value) {
        int withoutKey = 0;
        switch (source) {
            case KEY -> keys.add(keyType.cast(value));
            case ENTITY -> withoutKey = addEntity(keys, value);
            case KEYS -> each(value).forEach(key -> keys.add(keyType.cast(key)));
            case ENTITIES ->
                withoutKey = each(value).stream()
                        .mapToInt(entity -> addEntity(keys, entity))
                        .sum();
            case NONE -> {}
        }
        return withoutKey;
    }

    private int addEntity(Set<K> keys, Object entity) {
        K key = keyOf.apply(entityType.cast(entity));
        if (key == null) {
            return 1;
        }
        keys.add(key);
        return 0;
    }

    private static Collection<?> each(Object container) {
        if (container instanceof Collection<?> collection) {
            return collection;
        }
        if (container instanceof Optional<?> optional) {
            return optional.map(List::of).orElse(List.of());
        }
        if (container instanceof Iterable<?> iterable) {
            List<Object> elements = new ArrayList<>();
            iterable.forEach(elements::add);
            return elements;
        }
        if (container instanceof long[] longs) {
            return Arrays.stream(longs).boxed().toList();
        }
        return container instanceof Object[] array ? Arrays.asList(array) : List.of();
    }

    private List<K> cast(Collection<?> keys) {
        return keys.stream().map(keyType::cast).toList();
    }
}
