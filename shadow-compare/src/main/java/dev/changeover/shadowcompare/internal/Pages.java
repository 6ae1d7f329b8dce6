package dev.changeover.shadowcompare.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Types that hold a part of a list and say how long the list is: told by their accessors, whatever library they are of. */
final class Pages {
    private static final Set<String> TOTALS = Set.of(
            "count",
            "limit",
            "number",
            "numberOfElements",
            "offset",
            "page",
            "pageNumber",
            "pageSize",
            "size",
            "total",
            "totalCount",
            "totalElements",
            "totalPages",
            "totalSize");

    private Pages() {}

    static boolean isPage(Class<?> type) {
        return hasGetter(type) || isFluent(type);
    }

    /** Its content is a getter, so its totals are, too. */
    static boolean hasGetter(Class<?> type) {
        return content(type, "getContent") != null;
    }

    /** Numbers that say how much there is, and nothing of what it is. */
    static boolean isTotal(Class<?> page, String name) {
        return TOTALS.contains(name) && isPage(page);
    }

    /** Returns the content and the totals of a class that is no record and has no getters. */
    static List<Property> fluent(Class<?> type) {
        return Stream.concat(
                        Stream.ofNullable(content(type, "content")),
                        Arrays.stream(type.getMethods())
                                .filter(each -> TOTALS.contains(each.getName()) && isAccessor(each))
                                .filter(each -> !each.isBridge()))
                .map(each -> new Property(each.getName(), each))
                .sorted(Comparator.comparing(Property::name))
                .toList();
    }

    static boolean isFluent(Class<?> type) {
        return content(type, "content") != null;
    }

    private static @Nullable Method content(Class<?> type, String name) {
        if (type.getName().startsWith("java.") || Collection.class.isAssignableFrom(type)) {
            return null;
        }
        return Arrays.stream(type.getMethods())
                .filter(each -> each.getName().equals(name) && isAccessor(each))
                .filter(each -> Collection.class.isAssignableFrom(each.getReturnType()))
                .min(Comparator.comparing(Method::isBridge))
                .orElse(null);
    }

    private static boolean isAccessor(Method method) {
        return method.getParameterCount() == 0
                && method.getReturnType() != void.class
                && !Modifier.isStatic(method.getModifiers());
    }
}
