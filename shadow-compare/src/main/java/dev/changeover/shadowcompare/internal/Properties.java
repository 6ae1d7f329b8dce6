package dev.changeover.shadowcompare.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** The fields of an entity: the components of a record in their order, the getters of a bean by name. */
final class Properties {

    private Properties() {}

    /** Returns the fields of a class; none if it is neither a record nor a bean. */
    static List<Property> of(Class<?> type) {
        if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents())
                    .map(Properties::component)
                    .toList();
        }
        if (Pages.hasGetter(type)) {
            return getters(type);
        }
        if (opaque(type)) {
            return Pages.isFluent(type) ? Pages.fluent(type) : List.of();
        }
        List<Property> getters = getters(type);
        return getters.isEmpty() && Pages.isFluent(type) ? Pages.fluent(type) : getters;
    }

    /**
     * Tells whether a class within an entity is compared field by field. One that has an equality of its own and cannot
     * be changed is a value, such as an amount of money; a bean's equality is often that of its id alone. A page is what
     * it holds.
     */
    static boolean comparedByField(Class<?> type) {
        return type.isRecord()
                || Pages.isPage(type)
                || (!of(type).isEmpty() && (!definesEquality(type) || settable(type)));
    }

    static boolean definesEquality(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** The JDK's own classes have getters for what they derive, and equality for what they are. */
    private static boolean opaque(Class<?> type) {
        return type.isPrimitive()
                || type.isArray()
                || type.isEnum()
                || type.isInterface()
                || type.getName().startsWith("java.");
    }

    private static boolean settable(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .anyMatch(each -> each.getParameterCount() == 1
                        && each.getName().startsWith("set")
                        && !Modifier.isStatic(each.getModifiers()));
    }

    private static List<Property> getters(Class<?> type) {
        TreeMap<String, Method> found = new TreeMap<>();
        for (Method each : type.getMethods()) {
            if (isGetter(each)) {
                found.merge(nameOf(each), each, (one, other) -> one.isBridge() ? other : one);
            }
        }
        return found.entrySet().stream()
                .map(each -> new Property(each.getKey(), each.getValue()))
                .toList();
    }

    private static boolean isGetter(Method method) {
        Class<?> returned = method.getReturnType();
        return method.getParameterCount() == 0
                && returned != void.class
                && method.getDeclaringClass() != Object.class
                && !Modifier.isStatic(method.getModifiers())
                && (prefixed(method, "get") || (prefixed(method, "is") && returned == boolean.class));
    }

    private static boolean prefixed(Method method, String prefix) {
        String name = method.getName();
        return name.startsWith(prefix)
                && name.length() > prefix.length()
                && Character.isUpperCase(name.charAt(prefix.length()));
    }

    /** {@code getURL} is {@code URL}, {@code getName} is {@code name}. */
    private static String nameOf(Method getter) {
        String name = getter.getName().substring(getter.getName().startsWith("is") ? 2 : 3);
        return name.length() > 1 && Character.isUpperCase(name.charAt(1))
                ? name
                : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static Property component(RecordComponent component) {
        return new Property(component.getName(), component.getAccessor());
    }
}
