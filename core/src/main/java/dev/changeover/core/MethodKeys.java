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
                .map(type -> source(types.raw(type), types.element(type), true))
                .toArray(Source[]::new);
        this.result =
                source(types.raw(method.getGenericReturnType()), types.element(method.getGenericReturnType()), false);
    }

    private Source source(Class<?> raw, @Nullable Class<?> element, boolean keysToo) {
        if (isEntity(raw)) {
            return Source.ENTITY;
        }
        if (element != null && isEntity(element)) {
            return Source.ENTITIES;
        }
        if (keysToo && isKey(raw)) {
            return Source.KEY;
        }
        return keysToo && element != null && isKey(element) ? Source.KEYS : Source.NONE;
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
        return declared != null || result != Source.NONE || fromArguments();
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
        List<K> keys = ofArguments(values);
        return keys.isEmpty() ? null : keys.get(0);
    }

    KeySource<K> of(Object[] values) {
        List<K> before = ofArguments(values);
        return new KeySource<>() {
            @Override
            public List<K> declared() {
                return before;
            }

            @Override
            public List<K> all(@Nullable Object returned) {
                if (declared != null) {
                    return cast(declared.apply(values, returned));
                }
                if (result == Source.NONE || returned == null) {
                    return before;
                }
                Set<K> keys = new LinkedHashSet<>(before);
                add(keys, result, returned);
                return List.copyOf(keys);
            }
        };
    }

    private List<K> ofArguments(Object[] values) {
        if (declared != null) {
            return cast(declared.apply(values, null));
        }
        Set<K> keys = new LinkedHashSet<>();
        boolean entities = Arrays.stream(arguments).anyMatch(s -> s == Source.ENTITY || s == Source.ENTITIES);
        for (int i = 0; i < arguments.length; i++) {
            boolean skipped = entities && (arguments[i] == Source.KEY || arguments[i] == Source.KEYS);
            if (!skipped && values[i] != null) {
                add(keys, arguments[i], values[i]);
            }
        }
        return List.copyOf(keys);
    }

    private void add(Set<K> keys, Source source, Object value) {
        switch (source) {
            case KEY -> keys.add(keyType.cast(value));
            case ENTITY -> addEntity(keys, value);
            case KEYS -> each(value).forEach(key -> keys.add(keyType.cast(key)));
            case ENTITIES -> each(value).forEach(entity -> addEntity(keys, entity));
            case NONE -> {}
        }
    }

    private void addEntity(Set<K> keys, Object entity) {
        K key = keyOf.apply(entityType.cast(entity));
        if (key != null) {
            keys.add(key);
        }
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
        return container instanceof Object[] array ? Arrays.asList(array) : List.of();
    }

    private List<K> cast(Collection<?> keys) {
        return keys.stream().map(keyType::cast).toList();
    }
}
