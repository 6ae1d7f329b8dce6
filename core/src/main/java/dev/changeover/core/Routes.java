package dev.changeover.core;

import dev.changeover.core.spi.ReadKind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Says of every method of a port what it is. A method is named by its name, which means all its overloads, or by its
 * signature such as {@code findAll(Sort)}. Nothing is guessed from a name: a write taken for a read is silent loss.
 */
public final class Routes {

    /** What was said of one method. */
    static final class Route {
        @Nullable
        ReadKind read;

        boolean write;
        boolean legacyOnly;
        boolean locking;
        boolean unshadowed;
        boolean bulk;

        @Nullable
        FollowerMode mode;

        @Nullable
        BiFunction<Object[], @Nullable Object, Collection<?>> keys;

        @Nullable
        UnaryOperator<@Nullable Object> snapshot;

        @Nullable
        UnaryOperator<Object[]> copy;

        @Nullable
        BiFunction<Object[], @Nullable Object, Object[]> complete;

        boolean declared() {
            return write || read != null;
        }
    }

    private final String repository;
    private final Map<String, Route> routes = new LinkedHashMap<>();

    Routes(String repository) {
        this.repository = repository;
    }

    Map<String, Route> all() {
        return routes;
    }

    List<String> legacyOnlyNames() {
        return names(route -> route.legacyOnly);
    }

    List<String> newWrites() {
        return names(route -> route.write && !route.legacyOnly && !route.bulk);
    }

    List<String> bulkNames() {
        return names(route -> route.bulk);
    }

    private List<String> names(Predicate<Route> which) {
        return routes.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** These methods read one entity by its key. */
    public Routes reads(String... methods) {
        return read(ReadKind.KEYED, methods);
    }

    /** These methods read one entity by another unique value. */
    public Routes lookups(String... methods) {
        return read(ReadKind.LOOKUP, methods);
    }

    /** These methods read anything else: lists, pages, counts. */
    public Routes queries(String... methods) {
        return read(ReadKind.QUERY, methods);
    }

    /** These methods write. */
    public Routes writes(String... methods) {
        for (String method : methods) {
            Route route = route(method);
            if (route.declared()) {
                throw twice(method);
            }
            route.write = true;
        }
        return this;
    }

    /**
     * These methods write entities whose keys nothing tells, such as an UPDATE with a condition. The sentinels of the
     * side that leads collect the keys, so they must be installed before the repository leaves LEGACY_ONLY.
     */
    public Routes bulk(String... methods) {
        writes(methods);
        for (String method : methods) {
            route(method).bulk = true;
        }
        return this;
    }

    /** New does not have these methods yet: their writes follow by state, their reads stay on legacy. */
    public Routes legacyOnly(String... methods) {
        for (String method : methods) {
            route(method).legacyOnly = true;
        }
        return this;
    }

    /** These reads take row locks, so only the authority may serve them. */
    public Routes locking(String... methods) {
        for (String method : methods) {
            route(method).locking = true;
        }
        return this;
    }

    /** These reads are never shown to an observer. */
    public Routes unshadowed(String... methods) {
        for (String method : methods) {
            route(method).unshadowed = true;
        }
        return this;
    }

    /** New's own method is rehearsed at these writes, in a savepoint that is always rolled back. */
    public Routes rehearses(String... methods) {
        return mode(FollowerMode.REHEARSE, methods);
    }

    /** New's own method stands at these writes, for effects that are not entity state. */
    public Routes replays(String... methods) {
        return mode(FollowerMode.REPLAY, methods);
    }

    /**
     * Names the keys of a method where its types do not tell them.
     *
     * @param keys gets the arguments and the result, which is null before the method has run
     */
    public Routes keys(String method, BiFunction<Object[], @Nullable Object, Collection<?>> keys) {
        route(method).keys = keys;
        return this;
    }

    /** Copies a mutable result, so that it can be compared while the caller goes on to change it. */
    public Routes snapshot(String method, UnaryOperator<@Nullable Object> snapshot) {
        route(method).snapshot = snapshot;
        return this;
    }

    /** Copies mutable arguments before the authority sees them, for a rehearsal. */
    public Routes arguments(String method, UnaryOperator<Object[]> copy) {
        route(method).copy = copy;
        return this;
    }

    /** Gives the copied arguments what the authority generated, such as an id, before a rehearsal. */
    public Routes complete(String method, BiFunction<Object[], @Nullable Object, Object[]> complete) {
        route(method).complete = complete;
        return this;
    }

    /** Declares the methods that a port inherits from Spring Data's repository interfaces. */
    public Routes springData() {
        return reads("findById", "existsById", "getReferenceById")
                .queries("findAll", "findAllById", "count")
                .writes("save", "saveAll", "saveAndFlush", "saveAllAndFlush", "delete", "deleteById", "deleteAllById");
    }

    private Routes read(ReadKind kind, String... methods) {
        for (String method : methods) {
            Route route = route(method);
            if (route.declared()) {
                throw twice(method);
            }
            route.read = kind;
        }
        return this;
    }

    private Routes mode(FollowerMode mode, String... methods) {
        for (String method : methods) {
            route(method).mode = mode;
        }
        return this;
    }

    private Route route(String method) {
        return routes.computeIfAbsent(method.replace(" ", ""), name -> new Route());
    }

    private ConfigurationException twice(String method) {
        return new ConfigurationException(
                repository + "." + method, "declared twice", "Declare it once, as what it is");
    }
}
