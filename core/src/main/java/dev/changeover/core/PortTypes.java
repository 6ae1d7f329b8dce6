package dev.changeover.core;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resolves the generic types of a port's methods, those that it inherits included. */
final class PortTypes {

    private final Map<TypeVariable<?>, Type> bindings = new HashMap<>();

    PortTypes(Class<?> port) {
        collect(port);
    }

    private void collect(Class<?> type) {
        for (Type parent : type.getGenericInterfaces()) {
            if (parent instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
                TypeVariable<?>[] variables = raw.getTypeParameters();
                for (int i = 0; i < variables.length; i++) {
                    bindings.put(variables[i], generic.getActualTypeArguments()[i]);
                }
                collect(raw);
            } else if (parent instanceof Class<?> raw) {
                collect(raw);
            }
        }
    }

    /** Returns the class that a type stands for here. */
    Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType generic) {
            return raw(generic.getRawType());
        }
        if (type instanceof TypeVariable<?> variable) {
            Type bound = bindings.get(variable);
            return raw(bound == null ? variable.getBounds()[0] : bound);
        }
        if (type instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
        }
        return type instanceof WildcardType wildcard ? raw(wildcard.getUpperBounds()[0]) : Object.class;
    }

    /** Returns the class of the element of a collection, array or Optional, or null if it is none of these. */
    @Nullable
    Class<?> element(Type type) {
        Class<?> container = raw(type);
        if (container.isArray()) {
            return container.getComponentType();
        }
        boolean holds = Iterable.class.isAssignableFrom(container) || container == java.util.Optional.class;
        if (holds && type instanceof ParameterizedType generic) {
            return raw(generic.getActualTypeArguments()[0]);
        }
        return null;
    }
}
