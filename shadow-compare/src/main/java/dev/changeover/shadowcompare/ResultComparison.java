package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the results of an operation, as its repository returns them, and says which keys differ. Entities are
 * compared by their rules, in an Optional, a collection, a map or a field of something else as well. A projection (a
 * record, or a class with getters that is no value) and a page (whatever has {@code content()} or {@code getContent()})
 * are compared field by field, anything else by {@link Object#equals}. Values outside of entities are redacted, but for
 * a number or truth that is the whole result, and the totals of a page.
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
     * Returns this comparison for operations that return pages of this class, where its own accessors do not do.
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
        return new ResultWalk<K, V>(type, key, states, ordered, pages, 0, true).compare(authority, follower);
    }

    /**
     * How a class of pages is read.
     *
     * @param content returns the elements
     * @param rest returns what else is compared
     */
    record PageShape<P>(
            Class<P> type,
            Function<? super P, ? extends @Nullable Collection<?>> content,
            Function<? super P, ?> rest) {}
}
