package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class VerificationTest {
    private static final int KEYS = 25;

    private final Items items;

    VerificationTest(PostgresDatabase db) {
        this.items = new Items(db);
        items.both(LongStream.rangeClosed(1, KEYS).mapToObj(Item::of).toArray(Item[]::new));
    }

    private Verification.Builder<Long, Item> verification() {
        return Verification.of(items.pool, items.repository()).rangeSize(4).recheck(1, Duration.ofMillis(1));
    }

    private VerificationResult<Long> verified() {
        return verification().build().run();
    }

    private static Map<Long, List<String>> paths(VerificationResult<Long> result) {
        return result.divergences().stream()
                .collect(java.util.stream.Collectors.toMap(
                        KeyDivergence::key,
                        each -> each.differences().stream()
                                .map(Difference::path)
                                .toList()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 24, 25, 26, 1_000})
    void equalSidesMatchWhateverTheSizeOfTheRanges(int size) {
        VerificationResult<Long> result = verification().rangeSize(size).build().run();

        assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(result.counts()).isEqualTo(new VerificationCounts(KEYS, KEYS, KEYS, 0, 0, 0, 0, 0));
    }

    @Test
    void swappedValuesOfTwoRowsAreFound() {
        items.write(items.next, new Item(3, "item 4", null, Item.THEN), new Item(4, "item 3", null, Item.THEN));

        VerificationResult<Long> result = verified();

        assertThat(result.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(paths(result)).isEqualTo(Map.of(3L, List.of("name"), 4L, List.of("name")));
        assertThat(result.fields()).isEqualTo(Map.of("name", 2L));
    }

    @Test
    void nullAgainstEmptyATrailingBlankAndOneMicrosecondAreFound() {
        items.write(
                items.next,
                new Item(1, "item 1", "", Item.THEN),
                new Item(2, "item 2 ", null, Item.THEN),
                new Item(3, "item 3", null, Item.THEN.plusNanos(1_000)));

        assertThat(paths(verified())).isEqualTo(Map.of(1L, List.of("note"), 2L, List.of("name"), 3L, List.of("at")));
    }

    @Test
    void whatSomebodyAcceptsIsCountedAndIsNoDivergence() {
        items.write(items.next, new Item(1, "renamed", null, Item.THEN));
        RecordComparison<Item> accepting = RecordComparison.of(Item.class)
                .accept("name", "ann", "#12", Instant.MAX)
                .build();

        InMemoryDivergenceLog log = new InMemoryDivergenceLog();
        VerificationResult<Long> result = Verification.of(items.pool, items.repository(accepting))
                .divergences(log)
                .build()
                .run();

        assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(result.counts()).isEqualTo(new VerificationCounts(KEYS, KEYS, KEYS - 1, 0, 0, 0, 0, 0, 1));
        assertThat(log.groups()).isEmpty();
    }

    @Test
    void oneMissingAndOneExtraAreFoundThoughTheCountsAgree() {
        items.on(connection -> items.next.remove(connection, List.of(7L)));
        items.write(items.next, Item.of(-5));

        VerificationResult<Long> result = verified();

        assertThat(result.counts()).isEqualTo(new VerificationCounts(KEYS, KEYS, KEYS - 1, 0, 1, 1, 0, 0));
        assertThat(paths(result)).containsOnlyKeys(7L, -5L);
    }

    @Test
    void extraKeysBeyondBothEndsOfTheOtherSideAreFound() {
        items.write(items.next, Item.of(-1_000), Item.of(1_000), Item.of(1_001), Item.of(1_002), Item.of(1_003));
        items.write(items.legacy, Item.of(5_000));

        VerificationResult<Long> result = verified();

        assertThat(result.counts().extra()).isEqualTo(5);
        assertThat(result.counts().missing()).isOne();
    }

    @Test
    void anUnmappableRowIsRecordedWithItsReason() {
        items.write(items.next, new Item(9, "unmappable", null, Item.THEN));

        VerificationResult<Long> result = verified();

        assertThat(result.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(result.counts().unmappable()).isOne();
        assertThat(result.counts().equal()).isEqualTo(KEYS - 1);
        assertThat(result.divergences())
                .containsExactly(new KeyDivergence<>(
                        9L, List.of(new Difference("", Kind.ERROR, "readable", "unmappable new_item.name"))));
    }

    @Test
    void nothingComparedIsNoMatchUnlessDeclared() {
        items.on(connection -> connection.createStatement().execute("TRUNCATE legacy_item, new_item"));

        assertThat(verified().verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(verification().mayBeEmpty().build().run().verdict()).isEqualTo(Verdict.MATCH);
    }

    @Test
    void anErrorOfOneRangeIsNoMatch() {
        ItemStore failing = new ItemStore("new_item") {
            @Override
            public Map<Long, Item> find(Connection connection, Collection<Long> keys) throws SQLException {
                return keys.contains(15L)
                        ? query(connection, "WHERE nothing = 1", keys).stream()
                                .collect(java.util.stream.Collectors.toMap(Item::id, item -> item))
                        : super.find(connection, keys);
            }
        };

        VerificationResult<Long> result = Verification.of(items.pool, items.repository(items.legacy, failing))
                .rangeSize(4)
                .build()
                .run();

        assertThat(result.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(result.errors()).singleElement().asString().contains("nothing");
    }

    @Test
    void aStoreThatSortsInAnotherOrderIsAnErrorAndNotAMatch() {
        ItemStore turned = new ItemStore("new_item") {
            @Override
            public List<Long> keysAfter(Connection connection, @Nullable Long after, int limit) throws SQLException {
                List<Long> keys = new ArrayList<>(super.keysAfter(connection, after, limit));
                java.util.Collections.reverse(keys);
                return keys;
            }
        };

        VerificationResult<Long> result = Verification.of(items.pool, items.repository(items.legacy, turned))
                .build()
                .run();

        assertThat(result.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(result.errors()).singleElement().asString().contains("not the order of KeyType");
    }

    @Test
    void aStoppedVerificationIsIncomplete() {
        AtomicInteger asked = new AtomicInteger();

        VerificationResult<Long> result = verification().build().run(() -> asked.incrementAndGet() > 2);

        assertThat(result.verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(result.counts().equal()).isEqualTo(8);
    }

    @Test
    void markedKeysAreNotJudgedAndLeaveTheVerdictOpen() {
        items.write(items.next, new Item(2, "late", null, Item.THEN));
        items.mark(2);

        VerificationResult<Long> result = verified();

        assertThat(result.verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(result.counts()).isEqualTo(new VerificationCounts(KEYS - 1, KEYS - 1, KEYS - 1, 0, 0, 0, 0, 1));
    }

    @Test
    void markedKeysAreLookedAtAgainAtTheEnd() {
        items.mark(2);
        AtomicInteger ranges = new AtomicInteger();

        VerificationResult<Long> result = verification()
                .rangeSize(1_000)
                .progress(state -> {
                    ranges.incrementAndGet();
                    items.on(connection -> connection.createStatement().execute("DELETE FROM changeover.mark"));
                })
                .build()
                .run();

        assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(ranges).hasValue(1);
    }

    @Test
    @Guarantee("G6")
    void aWriteThatCommitsWithinARangeIsNoDifference() {
        ItemStore moving = new ItemStore("legacy_item") {
            @Override
            public Map<Long, Item> find(Connection connection, Collection<Long> keys) throws SQLException {
                items.both(new Item(keys.iterator().next(), "moved", "on", Item.THEN));
                return super.find(connection, keys);
            }
        };

        VerificationResult<Long> result = Verification.of(items.pool, items.repository(moving, items.next))
                .rangeSize(4)
                .build()
                .run();

        assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
    }

    @Test
    void aLongListOfKeysIsCutAndItsCountsAreNot() {
        items.on(connection -> connection.createStatement().execute("TRUNCATE new_item"));

        VerificationResult<Long> result = verification().listed(3).build().run();

        assertThat(result.divergences()).hasSize(3);
        assertThat(result.more()).isEqualTo(KEYS - 3);
        assertThat(result.counts().missing()).isEqualTo(KEYS);
    }

    @Test
    void everyDivergenceIsHandedToTheLog() {
        items.on(connection -> connection.createStatement().execute("UPDATE new_item SET name = 'x' WHERE id <= 6"));
        InMemoryDivergenceLog log = new InMemoryDivergenceLog();

        verification().listed(1).divergences(log).build().run();

        assertThat(log.groups()).singleElement().satisfies(group -> {
            assertThat(group.operation()).isEqualTo("verify");
            assertThat(group.path()).isEqualTo("name");
            assertThat(group.count()).isEqualTo(6);
        });
    }

    @Test
    void progressTellsKeysAndRate() {
        List<VerificationProgress> seen = new ArrayList<>();

        verification().progress(seen::add).build().run();

        assertThat(seen).extracting(VerificationProgress::keys).endsWith(24L, 25L);
        assertThat(new VerificationProgress(500, 0, Duration.ofMillis(250)).rate())
                .isEqualTo(2_000);
    }
}
