package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.KeyType;
import dev.changeover.core.Side;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.spi.ObservedRead;
import dev.changeover.core.spi.ReadKind;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@PostgresTest
@Guarantee("G6")
class ConfirmationTest {
    private static final Item ONE = Item.of(1);
    private static final Item TWO = Item.of(2);
    private static final Item RENAMED = new Item(1, "renamed", null, Item.THEN);

    private final Items items;
    private final InMemoryDivergenceLog log = new InMemoryDivergenceLog();

    ConfirmationTest(PostgresDatabase db) {
        this.items = new Items(db);
    }

    private Outcome outcome(ObservedRead read) {
        return outcome(items.repository(), items.transactions, read);
    }

    private Outcome outcome(
            ComparedRepository<Long, Item> repository, ThreadTransactions transactions, ObservedRead read) {
        try (ShadowReads shadow = ShadowReads.builder(transactions)
                .repository(repository)
                .divergences(log)
                .build()) {
            shadow.observe(read);
            await().until(shadow::idle);
            return shadow.counters()
                    .operations()
                    .get(0)
                    .counts()
                    .keySet()
                    .iterator()
                    .next();
        }
    }

    @Test
    void aPlantedDivergenceIsConfirmedWithKeyPathAndKind() {
        items.write(items.legacy, ONE);
        items.write(items.next, RENAMED);

        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups()).singleElement().satisfies(group -> {
            assertThat(group.path()).isEqualTo("name");
            assertThat(group.kind()).isEqualTo(Kind.VALUE);
            assertThat(group.samples().get(0).key()).isEqualTo("1");
            assertThat(group.toString()).doesNotContain("renamed");
        });
    }

    @Test
    void aDivergenceThatTheResultDoesNotShowTwiceIsStillToldByItsState() {
        items.write(items.legacy, ONE);

        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups().get(0).kind()).isEqualTo(Kind.MISSING);
    }

    @Test
    void aMarkedKeyIsNotADivergence() {
        items.write(items.legacy, ONE);
        items.write(items.next, RENAMED);
        items.mark(1);

        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.MARKED);
        assertThat(log.groups()).isEmpty();
    }

    @Test
    void whatSomebodyAcceptsIsCountedApartUntilItExpires() {
        items.write(items.legacy, ONE);
        items.write(items.next, RENAMED);
        Instant expiry = Instant.parse("2026-03-01T00:00:00Z");

        assertThat(outcome(accepting(expiry, expiry.minusSeconds(1)), items.transactions, items.find(1, ONE)))
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(log.groups()).isEmpty();
        assertThat(outcome(accepting(expiry, expiry), items.transactions, items.find(1, ONE)))
                .isEqualTo(Outcome.DIVERGED);
    }

    @Test
    void anAcceptedFieldHidesNoOther() {
        items.write(items.legacy, ONE);
        items.write(items.next, new Item(1, "renamed", "other note", ONE.at()));

        assertThat(outcome(accepting(Instant.MAX, Instant.EPOCH), items.transactions, items.find(1, ONE)))
                .isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups()).extracting(DivergenceGroup::path).containsExactly("note");
    }

    private ComparedRepository<Long, Item> accepting(Instant expiry, Instant now) {
        return items.repository(RecordComparison.of(Item.class)
                .accept("name", "ann", "#12", expiry)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build());
    }

    @Test
    void aReadThatDiffersFromItselfInOneSnapshotAccusesNobody() {
        items.both(ONE);
        AtomicLong call = new AtomicLong();

        assertThat(outcome(items.read("count", ReadKind.KEYED, 1L, 0L, side -> call.incrementAndGet())))
                .isEqualTo(Outcome.UNSTABLE);
        assertThat(log.groups()).isEmpty();
    }

    @Test
    void exceptionsOfOneClassAreNotAlikeIfTheDatabaseHadAnotherReason() {
        items.both(ONE);
        ObservedRead read = items.failing(
                new SQLException("Key (email)=(ann@example.org)", "23505"),
                new SQLException("no column secret", "42703"));

        assertThat(outcome(read)).isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups()).singleElement().satisfies(group -> {
            assertThat(group.kind()).isEqualTo(Kind.ERROR);
            assertThat(group.samples().get(0).authority()).isEqualTo("threw java.sql.SQLException (23505)");
            assertThat(group.samples().get(0).follower()).isEqualTo("threw java.sql.SQLException (42703)");
        });
    }

    @Test
    void aMessageIsShownOnlyIfItsExceptionIsDeclaredSafe() {
        items.both(ONE);
        ComparedRepository<Long, Item> repository = ComparedRepository.of("items", KeyType.LONG, Item.class, Item::id)
                .legacy(items.legacy)
                .next(items.next)
                .operation("find", results -> results.safeMessage(ArithmeticException.class))
                .build();
        ObservedRead read = items.failing(new IllegalStateException("secret"), new ArithmeticException("/ by zero"));

        assertThat(outcome(repository, items.transactions, read)).isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups().toString())
                .contains("threw java.lang.IllegalStateException", "threw java.lang.ArithmeticException: / by zero")
                .doesNotContain("secret");
    }

    @Test
    void aWriteBetweenTheTwoReadsPasses() {
        items.both(RENAMED);

        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.PASSED);
    }

    @Test
    void aRowThatTheBackfillHasNotBroughtIsCountedApart() {
        items.stage("SHADOW", false);
        items.write(items.legacy, ONE);
        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.NOT_YET_BACKFILLED);

        items.write(items.next, RENAMED);
        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.DIVERGED);
    }

    @Test
    void aStageWithoutAFollowerAccusesNobody() {
        items.write(items.legacy, ONE);
        items.stage("LEGACY_ONLY", true);

        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.UNCONFIRMED);
    }

    @Test
    void underNewPrimaryTheNewSideIsRight() {
        items.stage("NEW_PRIMARY", true);
        items.write(items.legacy, ONE);

        assertThat(outcome(items.find(1, ONE))).isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups().get(0).kind()).isEqualTo(Kind.EXTRA);
    }

    @Test
    void anUnmappableRowIsTold() {
        items.write(items.legacy, ONE);
        items.write(items.next, new Item(1, "unmappable", null, Item.THEN));
        ObservedRead read = items.read("find", ReadKind.KEYED, 1L, ONE, side -> null);

        assertThat(outcome(read)).isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups().get(0).samples().get(0).follower()).isEqualTo("unmappable new_item.name");
    }

    @Test
    void anotherOrderThatRepeatsInOneSnapshotIsADivergence() {
        items.both(ONE, TWO);

        assertThat(outcome(items.list(List.of(ONE, TWO), "ORDER BY id", "ORDER BY id DESC")))
                .isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups().get(0).kind()).isEqualTo(Kind.ORDER);
    }

    @Test
    void anotherMembershipThatRepeatsInOneSnapshotIsADivergence() {
        items.both(ONE, TWO);

        assertThat(outcome(items.list(List.of(ONE, TWO), "ORDER BY id", "WHERE id < 2")))
                .isEqualTo(Outcome.DIVERGED);
        assertThat(log.groups()).singleElement().satisfies(group -> {
            assertThat(group.path()).isEqualTo("[*]");
            assertThat(group.samples().get(0).key()).isEqualTo("2");
        });
    }

    @Test
    void whereAnyKeyIsMarkedTheMembershipOfAQueryCannotBeDecided() {
        items.both(ONE, TWO);
        items.mark(77);

        assertThat(outcome(items.list(List.of(ONE, TWO), "ORDER BY id", "WHERE id < 2")))
                .isEqualTo(Outcome.UNCONFIRMED);
        assertThat(log.groups()).isEmpty();
    }

    @Test
    void aCountThatRepeatsInOneSnapshotIsADivergence() {
        items.both(ONE, TWO);
        ObservedRead count = items.read("count", ReadKind.QUERY, null, 2L, side -> side == Side.NEW ? 1L : 2L);

        assertThat(outcome(count)).isEqualTo(Outcome.DIVERGED);
    }

    /** What a query shows may be the parent's, which is on its way. */
    @Test
    void aQueryIsNotAccusedWhileWhatItDependsOnIsMarked() {
        items.both(ONE);
        ObservedRead joined = items.read("joined", ReadKind.QUERY, null, ONE, side -> side == Side.NEW ? RENAMED : ONE);
        items.on(connection -> connection.createStatement().execute("""
                SELECT changeover.register('owners', '{}', false, false, '{}', '{}');
                UPDATE changeover.repository SET backfilled = true, stage = 'SHADOW' WHERE name = 'owners';
                UPDATE changeover.repository SET depends_on = '{owners}' WHERE name = 'items';
                SELECT changeover.mark(number, '{5}', 'LEGACY', 'TEST') FROM changeover.repository
                 WHERE name = 'owners'"""));

        assertThat(outcome(joined)).isEqualTo(Outcome.UNCONFIRMED);
        items.on(connection -> connection.createStatement().execute("DELETE FROM changeover.mark"));
        assertThat(outcome(joined)).isEqualTo(Outcome.DIVERGED);
        items.on(connection -> connection
                .createStatement()
                .execute("UPDATE changeover.repository SET depends_on = '{}' WHERE name = 'items'"));
    }

    @Test
    void withoutASnapshotNothingIsReported() {
        items.write(items.legacy, ONE);

        assertThat(outcome(items.repository(), new ThreadTransactions(items.pool, false), items.find(1, null)))
                .isEqualTo(Outcome.ERROR);
        assertThat(log.groups()).isEmpty();
    }

    /** Counterexample marks-outside-snapshot: the write, and its mark, come after the marks were read. */
    @Test
    void aWriteBetweenTheMarksAndTheSidesIsReportedOnlyIfTheyAreReadApart() throws SQLException {
        items.both(ONE);
        assertThat(reportedWithMarksReadApart(writesOnce())).isTrue();

        items.on(connection -> connection.createStatement().execute("TRUNCATE changeover.mark"));
        items.both(ONE);
        assertThat(outcome(items.repository(writesOnce(), items.next), items.transactions, items.find(1, RENAMED)))
                .isEqualTo(Outcome.PASSED);
        assertThat(log.groups()).isEmpty();
    }

    /** A store whose first read comes just after another session wrote legacy and its mark. */
    private ItemStore writesOnce() {
        AtomicBoolean written = new AtomicBoolean();
        return new ItemStore("legacy_item") {
            @Override
            public Map<Long, Item> find(Connection connection, Collection<Long> keys) throws SQLException {
                if (written.compareAndSet(false, true)) {
                    writeAndMark();
                }
                return super.find(connection, keys);
            }
        };
    }

    private void writeAndMark() {
        items.on(connection -> {
            connection.setAutoCommit(false);
            items.legacy.upsert(connection, List.of(RENAMED));
            connection
                    .createStatement()
                    .execute("SELECT changeover.mark(number, ARRAY['1'], 'LEGACY', 'TEST') FROM changeover.repository");
            connection.commit();
            connection.setAutoCommit(true);
        });
    }

    private boolean reportedWithMarksReadApart(ItemStore legacy) throws SQLException {
        AtomicReference<Boolean> reported = new AtomicReference<>();
        items.on(connection -> {
            boolean marked = connection
                    .createStatement()
                    .executeQuery("SELECT 1 FROM changeover.mark")
                    .next();
            Map<Long, Item> authority = new HashMap<>(legacy.find(connection, List.of(1L)));
            Map<Long, Item> follower = items.next.find(connection, List.of(1L));
            reported.set(!marked && !authority.equals(follower));
        });
        return reported.get();
    }
}
