package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.shadowcompare.internal.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the results of an operation, as its repository returns them: an entity, an optional one, a collection, a
 * page, a number, or any other value by {@link Object#equals}; and says which keys differ.
 *
 * @param <K> the key
 * @param <V> the entity
 */
public final class ResultComparison<K, V> {
    private final Class<V> type;
    private final Function<? super V, ? extends K> key;
    private final StateComparison<V> states;
    private final boolean ordered;
    private final List<PageShape<?>> pages;
    private final Set<Class<? extends Throwable>> safeMessages;

    private ResultComparison(
            Class<V> type,
            Function<? super V, ? extends K> key,
            StateComparison<V> states,
            boolean ordered,
            List<PageShape<?>> pages,
            Set<Class<? extends Throwable>> safeMessages) {
        this.type = type;
        this.key = key;
        this.states = states;
        this.ordered = ordered;
        this.pages = pages;
        this.safeMessages = safeMessages;
    }

    /** Compares results made of this entity. The order of collections matters, except that of sets. */
    public static <K, V> ResultComparison<K, V> of(
            Class<V> type, Function<? super V, ? extends K> key, StateComparison<V> states) {
        return new ResultComparison<>(type, key, states, true, List.of(), Set.of());
    }

    /** Returns this comparison for operations that promise no order. */
    public ResultComparison<K, V> inAnyOrder() {
        return new ResultComparison<>(type, key, states, false, pages, safeMessages);
    }

    /**
     * Returns this comparison for operations that return pages of this class.
     *
     * @param content returns the elements of a page
     * @param rest returns what else is compared, such as the total, as a value with equality
     */
    public <P> ResultComparison<K, V> pages(
            Class<P> page,
            Function<? super P, ? extends @Nullable Collection<?>> content,
            Function<? super P, ?> rest) {
        List<PageShape<?>> more = Stream.concat(pages.stream(), Stream.of(new PageShape<>(page, content, rest)))
                .toList();
        return new ResultComparison<>(type, key, states, ordered, more, safeMessages);
    }

    /**
     * Returns this comparison for operations whose exceptions of this class have messages that may be shown. Of all
     * others only the class and the SQLSTATE are; that is also all that is compared.
     */
    public ResultComparison<K, V> safeMessage(Class<? extends Throwable> exception) {
        Set<Class<? extends Throwable>> more = new HashSet<>(safeMessages);
        more.add(exception);
        return new ResultComparison<>(type, key, states, ordered, pages, Set.copyOf(more));
    }

    Set<Class<? extends Throwable>> safeMessages() {
        return safeMessages;
    }

    /** Returns what differs, with keys where an entity tells one. */
    public ResultDifferences<K> compare(@Nullable Object authority, @Nullable Object follower) {
        if (authority == follower) {
            return ResultDifferences.none();
        }
        if (authority instanceof Optional<?> a && follower instanceof Optional<?> b) {
            return compare(a.orElse(null), b.orElse(null));
        }
        for (PageShape<?> page : pages) {
            if (page.type().isInstance(authority) && page.type().isInstance(follower)) {
                return comparePages(page, authority, follower);
            }
        }
        if (authority instanceof Collection<?> a && follower instanceof Collection<?> b) {
            return compareAll(a, b);
        }
        if (authority instanceof Map<?, ?> a && follower instanceof Map<?, ?> b) {
            return compareMaps(a, b);
        }
        return entityOrNull(authority) && entityOrNull(follower)
                ? compareOne(type.cast(authority), type.cast(follower))
                : compareValues(authority, follower);
    }

    private ResultDifferences<K> compareOne(@Nullable V authority, @Nullable V follower) {
        List<Difference> found = states.differences(authority, follower);
        if (found.isEmpty()) {
            return ResultDifferences.none();
        }
        K one = authority == null ? null : key.apply(authority);
        K other = follower == null ? null : key.apply(follower);
        if (one == null || other == null || one.equals(other)) {
            return new ResultDifferences<>(Map.of(one == null ? Objects.requireNonNull(other) : one, found), List.of());
        }
        return new ResultDifferences<>(
                Map.of(
                        one, List.of(Shown.missing("", authority, false)),
                        other, List.of(Shown.extra("", follower, false))),
                List.of());
    }

    private static <K> ResultDifferences<K> compareValues(@Nullable Object authority, @Nullable Object follower) {
        if (Objects.deepEquals(authority, follower) || sameNumber(authority, follower)) {
            return ResultDifferences.none();
        }
        boolean safe = (authority instanceof Number && follower instanceof Number) || authority instanceof Boolean;
        return new ResultDifferences<>(Map.of(), List.of(Shown.value("", authority, follower, safe)));
    }

    private static boolean sameNumber(@Nullable Object authority, @Nullable Object follower) {
        return authority instanceof Number a && follower instanceof Number b && Numbers.sameValue(a, b);
    }

    private <P> ResultDifferences<K> comparePages(PageShape<P> page, Object authority, Object follower) {
        P a = page.type().cast(authority);
        P b = page.type().cast(follower);
        ResultDifferences<K> content =
                compare(page.content().apply(a), page.content().apply(b));
        ResultDifferences<K> rest =
                compareValues(page.rest().apply(a), page.rest().apply(b));
        if (rest.isEmpty()) {
            return content;
        }
        List<Difference> whole = new ArrayList<>(content.whole());
        rest.whole().forEach(each -> whole.add(each.at("rest")));
        return new ResultDifferences<>(content.byKey(), whole);
    }

    private ResultDifferences<K> compareAll(Collection<?> a, Collection<?> b) {
        boolean anyOrder = !ordered || a instanceof Set || b instanceof Set;
        if (entities(a) && entities(b)) {
            return new EntityLists<K, V>(key, states, anyOrder).compare(cast(a), cast(b));
        }
        return new ValueLists<K>(anyOrder).compare(a, b);
    }

    /** A map of entities is what it holds; how it is keyed counts beside. */
    private ResultDifferences<K> compareMaps(Map<?, ?> a, Map<?, ?> b) {
        if (!entities(a.values()) || !entities(b.values())) {
            return compareValues(a, b);
        }
        ResultDifferences<K> content =
                new EntityLists<K, V>(key, states, true).compare(cast(a.values()), cast(b.values()));
        return content.isEmpty() && !a.keySet().equals(b.keySet())
                ? new ResultDifferences<>(Map.of(), List.of(Shown.value("keys", a.keySet(), b.keySet(), false)))
                : content;
    }

    private boolean entities(Collection<?> elements) {
        return elements.stream().allMatch(type::isInstance);
    }

    private List<V> cast(Collection<?> elements) {
        return elements.stream().<V>map(type::cast).toList();
    }

    private boolean entityOrNull(@Nullable Object value) {
        return value == null || type.isInstance(value);
    }

    private record PageShape<P>(
            Class<P> type,
            Function<? super P, ? extends @Nullable Collection<?>> content,
            Function<? super P, ?> rest) {}
}
