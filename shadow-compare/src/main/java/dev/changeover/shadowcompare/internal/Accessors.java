package dev.changeover.shadowcompare.internal;

import dev.changeover.core.ConfigurationException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Turns the accessors of a record or the getters of a bean into plain functions, once, so that no reflection is left when they are called. */
final class Accessors {
    private final Class<?> type;
    private final MethodHandles.Lookup lookup;

    Accessors(Class<?> type) {
        this.type = type;
        try {
            this.lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new ConfigurationException(
                    type.getName(),
                    "its module does not let its accessors be called (" + e.getMessage() + ")",
                    "Write `opens " + type.getPackageName() + "` in its module-info.java");
        }
    }

    @SuppressWarnings("unchecked")
    Function<Object, @Nullable Object> object(Property property) {
        Class<?> boxed = MethodType.methodType(property.type()).wrap().returnType();
        return (Function<Object, @Nullable Object>) function(property, Function.class, "apply", Object.class, boxed);
    }

    @SuppressWarnings("unchecked")
    ToLongFunction<Object> wholeNumber(Property property) {
        return (ToLongFunction<Object>) function(property, ToLongFunction.class, "applyAsLong", long.class, long.class);
    }

    @SuppressWarnings("unchecked")
    ToDoubleFunction<Object> fraction(Property property) {
        return (ToDoubleFunction<Object>)
                function(property, ToDoubleFunction.class, "applyAsDouble", double.class, double.class);
    }

    @SuppressWarnings("unchecked")
    Predicate<Object> truth(Property property) {
        return (Predicate<Object>) function(property, Predicate.class, "test", boolean.class, boolean.class);
    }

    private Object function(Property property, Class<?> shape, String method, Class<?> erased, Class<?> returned) {
        try {
            MethodHandle accessor = lookup.unreflect(property.accessor());
            return LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(shape),
                            MethodType.methodType(erased, Object.class),
                            accessor,
                            MethodType.methodType(returned, type))
                    .getTarget()
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("no accessor for " + type.getName() + "." + property.name(), e);
        }
    }
}
