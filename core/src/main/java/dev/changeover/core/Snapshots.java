package dev.changeover.core;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which results can be compared after the caller has them, and how they are kept from changing until then. */
final class Snapshots {

    private static final Set<Class<?>> IMMUTABLE = Set.of(
            String.class,
            UUID.class,
            BigDecimal.class,
            BigInteger.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class);

    private Snapshots() {}

    /** Returns the snapshot function of a return type, or null if results of this type cannot be kept as they are. */
    static @Nullable UnaryOperator<@Nullable Object> of(PortTypes types, Type type) {
        Class<?> raw = types.raw(type);
        if (immutable(raw)) {
            return UnaryOperator.identity();
        }
        Class<?> element = types.element(type);
        if (element == null || !immutable(element)) {
            return null;
        }
        if (raw == Optional.class) {
            return UnaryOperator.identity();
        }
        if (Set.class.isAssignableFrom(raw)) {
            return value -> value instanceof Set<?> set ? Collections.unmodifiableSet(new LinkedHashSet<>(set)) : value;
        }
        return raw.isAssignableFrom(List.class) || List.class.isAssignableFrom(raw) ? Snapshots::list : null;
    }

    private static @Nullable Object list(@Nullable Object value) {
        return value instanceof List<?> list ? Collections.unmodifiableList(new ArrayList<>(list)) : value;
    }

    /** A record with a mutable component is a mistake of its author; what it holds is not looked into. */
    static boolean immutable(Class<?> type) {
        return type.isPrimitive()
                || type.isRecord()
                || type.isEnum()
                || IMMUTABLE.contains(type)
                || Temporal.class.isAssignableFrom(type);
    }
}
