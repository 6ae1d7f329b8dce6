package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison;
import dev.changeover.shadowcompare.internal.FieldRule;
import dev.changeover.shadowcompare.internal.FieldRules;
import dev.changeover.shadowcompare.internal.Shown;
import dev.changeover.shadowcompare.internal.ValueComparison;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compares two records field by field, into nested records, lists, maps and optionals.
 *
 * <pre>{@code
 * StateComparison<User> users = RecordComparison.of(User.class)
 *         .keyed("authProviders", AuthProvider.class, AuthProvider::provider)
 *         .within("createdAt", ChronoUnit.MILLIS)
 *         .ignore("version")
 *         .safe("status")
 *         .build();
 * }</pre>
 *
 * <p>Without rules everything counts: null is not empty, a trailing blank and one microsecond are differences. Paths in
 * rules name fields only ({@code authProviders.lastUsedAt}); paths in differences also say which element
 * ({@code authProviders[LOCAL].lastUsedAt}). Values are redacted unless their field is declared safe.
 *
 * @param <V> the record
 */
public final class RecordComparison<V> implements StateComparison<V> {
    private final ValueComparison fields;

    private RecordComparison(ValueComparison fields) {
        this.fields = fields;
    }

    /** Starts the comparison of a record. */
    public static <V> Builder<V> of(Class<V> type) {
        return new Builder<>(type);
    }

    @Override
    public List<Difference> differences(@Nullable V authority, @Nullable V follower) {
        if (fields.same(authority, follower)) {
            return List.of();
        }
        if (authority == null || follower == null) {
            return List.of(authority == null ? Shown.extra("", follower, false) : Shown.missing("", authority, false));
        }
        List<Difference> found = new ArrayList<>();
        fields.explain("", authority, follower, found::add);
        return List.copyOf(found);
    }

    /**
     * Declares what is not to be compared to the letter.
     *
     * @param <V> the record
     */
    public static final class Builder<V> {
        private final FieldRules rules;

        private Builder(Class<V> type) {
            this.rules = new FieldRules(type);
        }

        /** Leaves fields out: those that one side owns alone. */
        public Builder<V> ignore(String... paths) {
            return each(paths, FieldRule::ignoring);
        }

        /** Shows the values of these fields in reports and logs; all others are redacted. */
        public Builder<V> safe(String... paths) {
            return each(paths, FieldRule::showing);
        }

        /**
         * Compares what a pure function makes of both values. It never receives null; it may return null, which then
         * counts as no value.
         */
        public <T> Builder<V> normalise(String path, Class<T> type, Function<? super T, ? extends @Nullable T> pure) {
            rules.addFor(path, type, rule -> rule.normalising(value -> pure.apply(type.cast(value))));
            return this;
        }

        /** Forgives times that are at most this far apart. */
        public Builder<V> tolerate(String path, Duration apart) {
            rules.requirePositive(path, !apart.isNegative() && !apart.isZero());
            rules.addForTime(
                    path, rule -> rule.forgiving((a, b) -> distance(a, b).compareTo(apart) <= 0));
            return this;
        }

        /** Forgives numbers that are at most this far apart. */
        public Builder<V> tolerate(String path, double apart) {
            rules.requirePositive(path, apart > 0);
            BigDecimal most = BigDecimal.valueOf(apart);
            rules.addFor(path, Number.class, rule -> rule.forgiving((a, b) -> Numbers.within(a, b, most)));
            return this;
        }

        /**
         * Forgives times that one side keeps less precisely, whether it cuts or rounds: they are less than one unit
         * apart. The same instant at two offsets is the same.
         */
        public Builder<V> within(String path, ChronoUnit unit) {
            Duration one = unit.getDuration();
            rules.addForTime(
                    path, rule -> rule.forgiving((a, b) -> distance(a, b).compareTo(one) < 0));
            return this;
        }

        /** Compares decimals by value: 1.0 is 1.00. */
        public Builder<V> byValue(String... paths) {
            for (String path : paths) {
                rules.addFor(path, BigDecimal.class, rule -> rule.forgiving(Numbers::sameValue));
            }
            return this;
        }

        /** Forgives blanks before and after a text, such as the padding of {@code char(n)}. */
        public Builder<V> trimmed(String... paths) {
            for (String path : paths) {
                normalise(path, String.class, String::strip);
            }
            return this;
        }

        /** Compares collections as bags: the same elements in any order. */
        public Builder<V> unordered(String... paths) {
            for (String path : paths) {
                rules.addForCollection(path, FieldRule::inAnyOrder);
            }
            return this;
        }

        /** Pairs the elements of a collection by a key, which is shown in the path of a difference. */
        public <T> Builder<V> keyed(String path, Class<T> element, Function<? super T, ?> key) {
            rules.addFor(path, element, rule -> rule);
            rules.addForCollection(path, rule -> rule.keyedBy(each -> String.valueOf(key.apply(element.cast(each)))));
            return this;
        }

        /** Builds the comparison; safe for use by several threads. */
        public RecordComparison<V> build() {
            return new RecordComparison<>(rules.compile());
        }

        private Builder<V> each(String[] paths, UnaryOperator<FieldRule> change) {
            for (String path : paths) {
                rules.add(path, change);
            }
            return this;
        }

        private static Duration distance(Object a, Object b) {
            return FieldRules.distance(a, b);
        }
    }
}
