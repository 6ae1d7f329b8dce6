package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison;
import dev.changeover.shadowcompare.internal.AcceptedUntil;
import dev.changeover.shadowcompare.internal.FieldRule;
import dev.changeover.shadowcompare.internal.FieldRules;
import dev.changeover.shadowcompare.internal.Shown;
import dev.changeover.shadowcompare.internal.ValueComparison;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compares two records or beans field by field, into nested ones, lists, maps and optionals. The fields of a bean are
 * its public getters. What is nested and has an equality of its own, but no setters, is a value. Accessors are resolved
 * when the comparison is built.
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
 * @param <V> the record or bean
 */
public final class RecordComparison<V> implements StateComparison<V> {
    private final ValueComparison fields;
    private final ValueComparison toTheLetter;
    private final ForgivingRules forgiving;

    private RecordComparison(FieldRules rules, ForgivingRules forgiving) {
        this.fields = rules.compile();
        this.toTheLetter = rules.compileToTheLetter();
        this.forgiving = forgiving;
    }

    /** Starts the comparison of a record or a bean. */
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

    /** Each as its path and what is declared there, such as {@code createdAt: within MILLIS}. */
    @Override
    public Set<String> forgiving(V authority, V follower) {
        Set<String> strict = new LinkedHashSet<>();
        toTheLetter.explain("", authority, follower, each -> strict.add(PathPattern.of(each.path())));
        differences(authority, follower).forEach(each -> strict.remove(PathPattern.of(each.path())));
        return forgiving.of(strict);
    }

    /** Returns the fields that are compared, by path, with their values as they may be shown: redacted unless safe. */
    public Map<String, String> shown(V state) {
        Map<String, String> values = new LinkedHashMap<>();
        fields.show("", state, (path, value) -> values.put(free(path, values), value));
        return values;
    }

    /** Children whose keys may not be shown have one path: they are numbered. */
    private static String free(String path, Map<String, String> taken) {
        String one = path;
        for (int n = 2; taken.containsKey(one); n++) {
            one = path + " (" + n + ")";
        }
        return one;
    }

    /**
     * Declares what is not to be compared to the letter.
     *
     * @param <V> the record or bean
     */
    public static final class Builder<V> {
        private final FieldRules rules;
        private final Map<String, Acceptance> acceptances = new LinkedHashMap<>();
        private final ForgivingRules forgiving = new ForgivingRules();
        private Clock clock = Clock.systemUTC();

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
            forgiving.add(path, "normalised");
            rules.addFor(path, type, rule -> rule.normalising(value -> pure.apply(type.cast(value))));
            return this;
        }

        /** Forgives times that are at most this far apart. */
        public Builder<V> tolerate(String path, Duration apart) {
            rules.requirePositive(path, !apart.isNegative() && !apart.isZero());
            forgiving.add(path, "tolerates " + apart);
            rules.addForTime(
                    path, rule -> rule.forgiving((a, b) -> distance(a, b).compareTo(apart) <= 0));
            return this;
        }

        /** Forgives numbers that are at most this far apart. */
        public Builder<V> tolerate(String path, double apart) {
            rules.requirePositive(path, apart > 0);
            forgiving.add(path, "tolerates " + apart);
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
            forgiving.add(path, "within " + unit.name());
            rules.addForTime(
                    path, rule -> rule.forgiving((a, b) -> distance(a, b).compareTo(one) < 0));
            return this;
        }

        /** Compares decimals by value: 1.0 is 1.00. */
        public Builder<V> byValue(String... paths) {
            for (String path : paths) {
                forgiving.add(path, "by value");
                rules.addFor(path, BigDecimal.class, rule -> rule.forgiving(Numbers::sameValue));
            }
            return this;
        }

        /**
         * Forgives decimals of which one side keeps only this many digits after the point, whether it cuts or rounds:
         * they are less than one unit of the last digit apart.
         */
        public Builder<V> scale(String path, int digits) {
            BigDecimal one = BigDecimal.ONE.scaleByPowerOfTen(-digits);
            forgiving.add(path, "scale " + digits);
            rules.addFor(path, BigDecimal.class, rule -> rule.forgiving((a, b) -> Numbers.closer(a, b, one)));
            return this;
        }

        /**
         * Compares JSON texts as {@code jsonb} does: blanks, the order of keys and how a number is written do not
         * matter. What is not JSON is compared as a text.
         */
        public Builder<V> json(String... paths) {
            for (String path : paths) {
                forgiving.add(path, "json");
                rules.addFor(path, String.class, rule -> rule.forgiving(FieldRules::sameJson));
            }
            return this;
        }

        /**
         * Lets a field, and everything inside it, differ until a day. What differs there is still reported, under the
         * name of its owner, but is no divergence before {@code expiry}; from then on it is one again.
         *
         * @param owner who answers for it
         * @param reason why it may differ, such as the number of a ticket
         * @throws dev.changeover.core.ConfigurationException if owner or reason are blank
         */
        public Builder<V> accept(String path, String owner, String reason, Instant expiry) {
            if (owner.isBlank() || reason.isBlank()) {
                throw rules.refused(path, "it is accepted without an owner or a reason", "Name both");
            }
            Acceptance acceptance = new Acceptance(owner, reason, expiry);
            acceptances.put(path, acceptance);
            rules.add(path, rule -> rule);
            return this;
        }

        /** Takes the time at which acceptances expire from this clock. */
        public Builder<V> clock(Clock source) {
            this.clock = source;
            return this;
        }

        /** Forgives blanks before and after a text, such as the padding of {@code char(n)}. */
        public Builder<V> trimmed(String... paths) {
            for (String path : paths) {
                forgiving.add(path, "trimmed");
                rules.addFor(path, String.class, rule -> rule.normalising(value -> ((String) value).strip()));
            }
            return this;
        }

        /** Compares collections as bags: the same elements in any order. */
        public Builder<V> unordered(String... paths) {
            for (String path : paths) {
                forgiving.add(path, "unordered");
                rules.addForCollection(path, FieldRule::inAnyOrder);
            }
            return this;
        }

        /**
         * Pairs the elements of a collection by a key. The path of a difference shows keys that are constants of an enum,
         * whole numbers from 0 to 999 or the value of a safe field of the element, and of all others the type.
         */
        public <T> Builder<V> keyed(String path, Class<T> element, Function<? super T, ?> key) {
            rules.addFor(path, element, rule -> rule);
            rules.addForCollection(path, rule -> rule.keyedBy(each -> key.apply(element.cast(each))));
            return this;
        }

        /** Builds the comparison; safe for use by several threads. */
        public RecordComparison<V> build() {
            acceptances.forEach(
                    (path, each) -> rules.add(path, rule -> rule.accepting(new AcceptedUntil(each, clock))));
            return new RecordComparison<>(rules, forgiving);
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
