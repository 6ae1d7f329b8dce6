package dev.changeover.shadowcompare.internal;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what the type variables of a generic class stand for: the content of a {@code Page<Post>} is a list of posts. */
final class Generics {

    private Generics() {}

    /**
     * A class with arguments. The JDK's own are not equal to each other everywhere.
     *
     * @param raw the class
     * @param arguments what its variables stand for
     */
    record Of(Class<?> raw, List<Type> arguments) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(Type[]::new);
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return raw.getDeclaringClass();
        }
    }

    /** Returns the type of a member as it is in this owner. What nobody knows is an Object. */
    static Type within(Type owner, Type member) {
        if (member instanceof TypeVariable<?> variable) {
            Type argument = argument(owner, variable);
            return argument == null || argument instanceof TypeVariable ? Object.class : argument;
        }
        if (member instanceof WildcardType wildcard) {
            return within(owner, wildcard.getUpperBounds()[0]);
        }
        return member instanceof ParameterizedType generic
                ? new Of(
                        (Class<?>) generic.getRawType(),
                        Arrays.stream(generic.getActualTypeArguments())
                                .map(each -> within(owner, each))
                                .toList())
                : member;
    }

    private static @Nullable Type argument(Type owner, TypeVariable<?> variable) {
        Class<?> plain = Shape.erase(owner);
        if (plain.equals(variable.getGenericDeclaration())) {
            int index = Arrays.asList(plain.getTypeParameters()).indexOf(variable);
            return owner instanceof ParameterizedType generic ? generic.getActualTypeArguments()[index] : null;
        }
        return Stream.concat(Stream.ofNullable(plain.getGenericSuperclass()), Stream.of(plain.getGenericInterfaces()))
                .map(each -> argument(within(owner, each), variable))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
