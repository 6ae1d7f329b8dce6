package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.shadowcompare.ResultComparison.PageShape;
import dev.changeover.shadowcompare.internal.ResultField;
import dev.changeover.shadowcompare.internal.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Goes through two results side by side. Entities are compared by their rules wherever they are, projections and pages
 * field by field, the rest by equality.
 *
 * @param type the entity
 * @param ordered whether the order of collections matters
 * @param depth how deep in the result this is
 * @param total whether numbers here count, so that they may be shown
 */
record ResultWalk<K, V>(
        Class<V> type,
        Function<? super V, ? extends K> key,
        StateComparison<V> states,
        boolean ordered,
        List<PageShape<?>> pages,
        int depth,
        boolean total) {
    /** Objects that hold themselves have no end. */
    private static final int DEEPEST = 20;

    ResultDifferences<K> compare(@Nullable Object authority, @Nullable Object follower) {
        if (authority == follower) {
            return ResultDifferences.none();
        }
        if (authority instanceof Optional<?> a && follower instanceof Optional<?> b) {
            return compare(a.orElse(null), b.orElse(null));
        }
        for (PageShape<?> page : pages) {
            if (page.type().isInstance(authority) && page.type().isInstance(follower)) {
                return declaredPage(page, authority, follower);
            }
        }
        if (authority instanceof Collection<?> a && follower instanceof Collection<?> b) {
            return all(a, b, !ordered || a instanceof Set || b instanceof Set);
        }
        if (authority instanceof Object[] a && follower instanceof Object[] b) {
            return all(Arrays.asList(a), Arrays.asList(b), false);
        }
        if (authority instanceof Map<?, ?> a && follower instanceof Map<?, ?> b) {
            return maps(a, b);
        }
        return entityOrNull(authority) && entityOrNull(follower)
                ? one(type.cast(authority), type.cast(follower))
                : objects(authority, follower);
    }

    private ResultDifferences<K> one(@Nullable V authority, @Nullable V follower) {
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

    private ResultDifferences<K> objects(@Nullable Object authority, @Nullable Object follower) {
        if (authority != null && follower != null && authority.getClass() == follower.getClass() && depth < DEEPEST) {
            List<ResultField> fields = ResultField.of(authority.getClass());
            if (!fields.isEmpty()) {
                return fields(fields, authority, follower);
            }
        }
        return values(authority, follower);
    }

    private ResultDifferences<K> fields(List<ResultField> fields, Object authority, Object follower) {
        return ResultDifferences.joined(fields.stream()
                .map(field -> inside(field.total())
                        .compare(field.get().apply(authority), field.get().apply(follower))
                        .within(field.name()))
                .toList());
    }

    private ResultDifferences<K> values(@Nullable Object authority, @Nullable Object follower) {
        if (Objects.deepEquals(authority, follower) || sameNumber(authority, follower)) {
            return ResultDifferences.none();
        }
        boolean counts = authority instanceof Number && follower instanceof Number;
        boolean safe = total && (counts || authority instanceof Boolean);
        return new ResultDifferences<>(Map.of(), List.of(Shown.value("", authority, follower, safe)));
    }

    private boolean sameNumber(@Nullable Object authority, @Nullable Object follower) {
        return authority instanceof Number a && follower instanceof Number b && Numbers.sameValue(a, b);
    }

    private <P> ResultDifferences<K> declaredPage(PageShape<P> page, Object authority, Object follower) {
        P a = page.type().cast(authority);
        P b = page.type().cast(follower);
        return ResultDifferences.joined(List.of(
                inside(false).compare(page.content().apply(a), page.content().apply(b)),
                inside(true).values(page.rest().apply(a), page.rest().apply(b)).within("rest")));
    }

    private ResultDifferences<K> all(Collection<?> a, Collection<?> b, boolean anyOrder) {
        return entities(a) && entities(b)
                ? new EntityLists<K, V>(key, states, anyOrder).compare(cast(a), cast(b))
                : new ValueLists<>(inside(false), anyOrder).compare(new ArrayList<>(a), new ArrayList<>(b));
    }

    /** A map of entities is what it holds; how it is keyed counts beside. */
    private ResultDifferences<K> maps(Map<?, ?> a, Map<?, ?> b) {
        if (!entities(a.values()) || !entities(b.values())) {
            return new ValueMaps<>(inside(false)).compare(a, b);
        }
        ResultDifferences<K> content =
                new EntityLists<K, V>(key, states, true).compare(cast(a.values()), cast(b.values()));
        return content.isEmpty() && !a.keySet().equals(b.keySet())
                ? new ResultDifferences<>(Map.of(), List.of(Shown.value("keys", a.keySet(), b.keySet(), false)))
                : content;
    }

    private ResultWalk<K, V> inside(boolean counts) {
        return new ResultWalk<>(type, key, states, ordered, pages, depth + 1, counts);
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
}
