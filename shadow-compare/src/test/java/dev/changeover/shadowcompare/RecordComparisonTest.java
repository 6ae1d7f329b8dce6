package dev.changeover.shadowcompare;

import static dev.changeover.shadowcompare.People.ann;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.People.Address;
import dev.changeover.shadowcompare.People.Login;
import dev.changeover.shadowcompare.People.Person;
import dev.changeover.shadowcompare.People.Provider;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordComparisonTest {
    private static final RecordComparison<Person> STRICT = people().build();

    private static RecordComparison.Builder<Person> people() {
        return RecordComparison.of(Person.class).keyed("logins", Login.class, Login::provider);
    }

    private static List<String> paths(RecordComparison<Person> comparison, Person authority, Person follower) {
        return comparison.differences(authority, follower).stream()
                .map(Difference::path)
                .toList();
    }

    @Test
    void equalRecordsDifferInNothing() {
        assertThat(STRICT.differences(ann(), ann())).isEmpty();
    }

    @Test
    void aStateIsShownWithEverythingRedactedThatIsNotDeclaredSafe() {
        Map<String, String> shown = people().safe("visits", "logins.provider", "tags")
                .ignore("avatar")
                .build()
                .shown(ann());
        assertThat(shown)
                .containsEntry("email", "<String>")
                .containsEntry("phone", "null")
                .containsEntry("visits", "9007199254740993")
                .containsEntry("version", "<Long>")
                .containsEntry("score", "<Double>")
                .containsEntry("active", "<Boolean>")
                .containsEntry("nickname", "<String>")
                .containsEntry("tags[1]", "b")
                .containsEntry("roles", "2 elements")
                .containsEntry("logins[LOCAL].provider", "LOCAL")
                .containsEntry("logins[LOCAL].secret", "<String>")
                .containsEntry("attributes", "1 entries")
                .containsEntry("address.street", "<String>")
                .doesNotContainKey("avatar");
        assertThat(shown.toString()).doesNotContain("ann", "hash", "Main St");
    }

    static Stream<Arguments> mutations() {
        Login local = ann().logins().get(0);
        Login google = ann().logins().get(1);
        return Stream.of(
                arguments("id", new UUID(1, 2), "id"),
                arguments("email", "ann@example.org ", "email"),
                arguments("phone", "", "phone"),
                arguments("version", 2, "version"),
                arguments("visits", 9_007_199_254_740_992L, "visits"),
                arguments("score", 0.5000001, "score"),
                arguments("active", false, "active"),
                arguments("balance", new BigDecimal("10.5"), "balance"),
                arguments("createdAt", People.THEN.plusNanos(1_000), "createdAt"),
                arguments("seenAt", OffsetDateTime.parse("2026-01-02T04:04:05+01:00"), "seenAt"),
                arguments("seenAt", null, "seenAt"),
                arguments("nickname", Optional.empty(), "nickname"),
                arguments("nickname", null, "nickname"),
                arguments("nickname", Optional.of("Annie"), "nickname"),
                arguments("tags", List.of("a", "c"), "tags[1]"),
                arguments("tags", List.of("b", "a"), "tags"),
                arguments("tags", List.of("a"), "tags[1]"),
                arguments("tags", List.of("a", "b", "c"), "tags[2]"),
                arguments("tags", null, "tags"),
                arguments("roles", Set.of("admin"), "roles[*]"),
                arguments("logins", List.of(local), "logins[GOOGLE]"),
                arguments("logins", List.of(local, google, google), "logins[GOOGLE]"),
                arguments(
                        "logins",
                        List.of(new Login(Provider.LOCAL, "hash", People.THEN.plusSeconds(1)), google),
                        "logins[LOCAL].lastUsedAt"),
                arguments("attributes", Map.of("theme", "light"), "attributes[<String>]"),
                arguments("attributes", Map.of(), "attributes[<String>]"),
                arguments("address", new Address("Main Street", null), "address.street"),
                arguments("address", new Address("Main St", new Address("x", null)), "address.billing"),
                arguments("address", null, "address"),
                arguments("avatar", new byte[] {1, 2, 4}, "avatar"));
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void oneChangedFieldIsFoundAndNamed(String component, @Nullable Object value, String path) {
        Person changed = Changed.with(ann(), component, value);

        assertThat(paths(STRICT, ann(), changed)).containsExactly(path);
        assertThat(paths(STRICT, changed, ann())).containsExactly(path);
    }

    @Test
    void severalDifferencesAreAllNamed() {
        Person changed = Changed.with(Changed.with(ann(), "email", "x"), "version", 7);

        assertThat(paths(STRICT, ann(), changed)).containsExactly("email", "version");
    }

    @Test
    void absenceIsNotAFieldThatDiffers() {
        assertThat(STRICT.differences(null, null)).isEmpty();
        assertThat(STRICT.differences(ann(), null))
                .containsExactly(new Difference("", Kind.MISSING, "<Person>", "missing"));
        assertThat(STRICT.differences(null, ann()))
                .containsExactly(new Difference("", Kind.EXTRA, "missing", "<Person>"));
    }

    @Test
    void nullMissingAndEmptyAreToldApart() {
        Person nothing = Changed.with(ann(), "tags", null);
        Person empty = Changed.with(ann(), "tags", List.of());
        Person blank = Changed.with(ann(), "phone", "");

        assertThat(STRICT.differences(nothing, empty))
                .containsExactly(new Difference("tags", Kind.VALUE, "null", "empty"));
        assertThat(STRICT.differences(ann(), blank))
                .containsExactly(new Difference("phone", Kind.VALUE, "null", "empty"));
        assertThat(STRICT.differences(ann(), empty).get(0))
                .isEqualTo(new Difference("tags[0]", Kind.MISSING, "<String>", "missing"));
    }

    @Test
    void anotherOrderIsAKindOfItsOwn() {
        Person turned = Changed.with(ann(), "tags", List.of("b", "a"));

        assertThat(STRICT.differences(ann(), turned))
                .extracting(Difference::kind)
                .containsExactly(Kind.ORDER);
        assertThat(people().unordered("tags").build().differences(ann(), turned))
                .isEmpty();
    }

    @Test
    void keyedChildrenAreComparedInAnyOrder() {
        List<Login> turned =
                new LinkedList<>(List.of(ann().logins().get(1), ann().logins().get(0)));

        assertThat(STRICT.differences(ann(), Changed.with(ann(), "logins", turned)))
                .isEmpty();
    }

    @Test
    void bagsCountDuplicates() {
        RecordComparison<Person> bags = people().unordered("tags").build();

        assertThat(paths(
                        bags,
                        Changed.with(ann(), "tags", List.of("a", "a", "b")),
                        Changed.with(ann(), "tags", List.of("a", "b", "b"))))
                .containsExactly("tags[*]", "tags[*]");
    }

    @Test
    void aSetIsNotReadInTheOrderOfItsIterator() {
        Person turned = Changed.with(ann(), "roles", new LinkedHashSet<>(List.of("user", "admin")));
        Person other = Changed.with(ann(), "roles", new LinkedHashSet<>(List.of("admin", "user")));

        assertThat(STRICT.differences(turned, other)).isEmpty();
    }

    @Test
    void valuesAreRedactedUnlessDeclaredSafe() {
        Person changed = Changed.with(Changed.with(ann(), "email", "eve@example.org"), "version", 2);

        assertThat(STRICT.differences(ann(), changed).toString())
                .doesNotContain("example")
                .contains("<String>", "<Long>");
        assertThat(people().safe("version").build().differences(ann(), changed))
                .contains(new Difference("version", Kind.VALUE, "1", "2"));
    }

    @Test
    void aHintSaysHowRedactedValuesDiffer() {
        assertThat(follower("email", "ann@example.org ")).isEqualTo("<String> (only blanks around it differ)");
        assertThat(follower("email", "ANN@example.org")).isEqualTo("<String> (only upper and lower case differ)");
        assertThat(follower("balance", new BigDecimal("10.5"))).isEqualTo("<BigDecimal> (another scale)");
        assertThat(follower("createdAt", People.THEN.plusNanos(1_000))).isEqualTo("<Instant> (less than 1 ms apart)");
        assertThat(follower("createdAt", People.THEN.plus(2, ChronoUnit.HOURS)))
                .isEqualTo("<Instant> (whole minutes apart, perhaps a time zone)");
    }

    private static String follower(String component, Object value) {
        return STRICT.differences(ann(), Changed.with(ann(), component, value))
                .get(0)
                .follower();
    }

    @Test
    void rulesForgiveWhatTheyNameAndNothingElse() {
        RecordComparison<Person> lenient = people().ignore("version", "logins.secret")
                .normalise("email", String.class, text -> text.toLowerCase(Locale.ROOT))
                .normalise("phone", String.class, text -> text.isEmpty() ? null : text)
                .tolerate("createdAt", Duration.ofMillis(2))
                .tolerate("score", 0.01)
                .tolerate("visits", 1)
                .within("seenAt", ChronoUnit.MICROS)
                .within("logins.lastUsedAt", ChronoUnit.MILLIS)
                .byValue("balance")
                .trimmed("address.street", "tags")
                .build();

        assertThat(paths(lenient, ann(), forgiven())).isEmpty();
        assertThat(paths(lenient, ann(), unforgiven()))
                .containsExactly(
                        "email",
                        "phone",
                        "visits",
                        "score",
                        "balance",
                        "createdAt",
                        "seenAt",
                        "logins[LOCAL].lastUsedAt",
                        "address.street");
    }

    private static Person forgiven() {
        Person ann = ann();
        return new Person(
                ann.id(),
                "Ann@Example.org",
                "",
                5,
                ann.visits() + 1,
                0.505,
                true,
                new BigDecimal("10.5"),
                ann.createdAt().plusMillis(2),
                OffsetDateTime.parse("2026-01-02T04:04:05+01:00"),
                ann.nickname(),
                List.of("a ", " b"),
                ann.roles(),
                List.of(
                        new Login(Provider.LOCAL, "other", People.THEN.truncatedTo(ChronoUnit.MILLIS)),
                        ann.logins().get(1)),
                ann.attributes(),
                new Address("Main St  ", null),
                ann.avatar());
    }

    private static Person unforgiven() {
        Person ann = ann();
        return new Person(
                ann.id(),
                "eve@example.org",
                "1",
                5,
                ann.visits() + 2,
                0.52,
                true,
                new BigDecimal("10.51"),
                ann.createdAt().plusMillis(3),
                OffsetDateTime.parse("2026-01-02T03:04:05.000001Z"),
                ann.nickname(),
                ann.tags(),
                ann.roles(),
                List.of(
                        new Login(Provider.LOCAL, "hash", People.THEN.plusMillis(1)),
                        ann.logins().get(1)),
                ann.attributes(),
                new Address("Main  St", null),
                ann.avatar());
    }

    @Test
    void wholeValuesOfHugeNumbersAreNotRoundedByATolerance() {
        RecordComparison<Person> lenient = people().tolerate("visits", 0.5).build();

        assertThat(paths(lenient, ann(), Changed.with(ann(), "visits", ann().visits() - 1)))
                .containsExactly("visits");
    }

    @Test
    void aScaleForgivesWhatOneSideCutsOrRounds() {
        RecordComparison<Person> cents = people().scale("balance", 2).build();
        Person exact = Changed.with(ann(), "balance", new BigDecimal("10.4951"));

        assertThat(paths(cents, exact, Changed.with(ann(), "balance", new BigDecimal("10.49"))))
                .isEmpty();
        assertThat(paths(cents, exact, Changed.with(ann(), "balance", new BigDecimal("10.50"))))
                .isEmpty();
        assertThat(paths(cents, exact, Changed.with(ann(), "balance", new BigDecimal("10.51"))))
                .containsExactly("balance");
    }

    @Test
    void aWrongRuleIsRefusedWhereItIsWritten() {
        refused(() -> people().ignore("emial"), "Person.emial", "There are: id, email");
        refused(() -> people().ignore("logins.provder"), "Person.logins.provder", "provider, secret, lastUsedAt");
        refused(() -> people().ignore("email.length"), "Person.email.length", "String is not a record or a bean");
        refused(() -> people().tolerate("email", Duration.ofMillis(1)), "Person.email", "it is a String");
        refused(() -> people().tolerate("createdAt", Duration.ZERO), "Person.createdAt", "above zero");
        refused(() -> people().byValue("visits"), "Person.visits", "it is a Long");
        refused(() -> people().scale("visits", 2), "Person.visits", "it is a Long");
        refused(() -> people().json("visits"), "Person.visits", "it is a Long");
        refused(() -> people().unordered("email"), "Person.email", "Use this rule on a collection");
        refused(() -> people().normalise("tags", Instant.class, i -> i), "Person.tags", "it is a String");
        refused(() -> RecordComparison.of(Thread.class), "Thread", "no record and has no getters");
    }

    private static void refused(Runnable building, String path, String text) {
        assertThatThrownBy(building::run)
                .isInstanceOfSatisfying(
                        ConfigurationException.class, e -> assertThat(e.path()).isEqualTo(path))
                .hasMessageContaining(text);
    }

    @Test
    void aFieldThatComparesByIdentityIsRefused() {
        record Held(StringBuilder text) {}

        refused(() -> RecordComparison.of(Held.class).build(), "Held.text", "has no equals of its own");
        assertThat(RecordComparison.of(Held.class)
                        .normalise("text", StringBuilder.class, text -> new StringBuilder())
                        .build())
                .isNotNull();
    }

    @Test
    void comparingEqualRecordsWithoutSetsAndMapsAllocatesNothing() {
        RecordComparison<Person> comparison =
                people().ignore("roles", "attributes").build();
        Person one = ann();
        Person other = ann();
        for (int i = 0; i < 20_000; i++) {
            comparison.differences(one, other);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        List<Object> results = new ArrayList<>(List.of(comparison.differences(one, other)));
        for (int i = 0; i < 10_000; i++) {
            results.set(0, comparison.differences(one, other));
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }
}
