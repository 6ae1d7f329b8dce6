package dev.changeover.shadowcompare.internal;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a declared type says about the values in it. */
final class Shape {

    private Shape() {}

    static Class<?> erase(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        return type instanceof WildcardType wildcard ? erase(wildcard.getUpperBounds()[0]) : Object.class;
    }

    /** Returns the type inside an Optional, a collection or the values of a map; null for anything else. */
    static @Nullable Type inside(Type type) {
        Class<?> plain = erase(type);
        if (plain == Optional.class || Collection.class.isAssignableFrom(plain)) {
            return argument(type, 0);
        }
        return Map.class.isAssignableFrom(plain) ? argument(type, 1) : null;
    }

    /** Returns the type of the values themselves, however deep they are wrapped. */
    static Type innermost(Type type) {
        Type inside = inside(type);
        return inside == null ? type : innermost(inside);
    }

    static @Nullable Property property(Type type, String name) {
        for (Property each : Properties.of(erase(innermost(type)))) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return null;
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType generic && generic.getActualTypeArguments().length > index
                ? generic.getActualTypeArguments()[index]
                : Object.class;
    }
}
