package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.SqlProjection;
import dev.changeover.core.WatchedTable;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which keys have changed since a verification began, and what has to be known to search for them. */
@PostgresTest
class ChangedKeysTest {

    private final PostgresDatabase db;
    private final Items items;

    ChangedKeysTest(PostgresDatabase db) {
        this.db = db;
        this.items = new Items(db);
        items.both(Item.of(1), Item.of(2), Item.of(3));
    }

    /** Names its table and, if it is told to, says its rows in SQL. */
    private static final class Told extends ItemStore {
        private final String table;
        private final boolean projected;

        Told(String table, boolean projected) {
            super(table);
            this.table = table;
            this.projected = projected;
        }

        @Override
        public List<WatchedTable> watchedTables() {
            return List.of(new WatchedTable(table, "id"));
        }

        @Override
        public Optional<SqlProjection> projection() {
            return projected ? Optional.of(new Rows(table)) : Optional.empty();
        }
    }

    /** Only reads. */
    private record Rows(String table) implements SqlProjection {

        @Override
        public List<String> columns() {
            return List.of("id", "name");
        }

        @Override
        public String select() {
            return "SELECT id, name FROM " + table;
        }

        @Override
        public List<String> absorb(String source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> absorbMissing(String source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String holdsAny() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> absorbNew(String source) {
            throw new UnsupportedOperationException();
        }
    }

    private ComparedRepository<Long, Item> told() {
        return items.repository(new Told("legacy_item", true), new Told("new_item", true));
    }

    private long began() {
        return db.queryLong("SELECT changeover.verification_begins('items', 0, 'JAVA')");
    }

    private List<Long> since(long run) throws SQLException {
        return SqlTransaction.snapshot(items.pool, connection -> since(connection, run));
    }

    private List<Long> since(ComparedRepository<Long, Item> repository, long run) throws SQLException {
        return SqlTransaction.snapshot(items.pool, connection -> since(repository, connection, run));
    }

    private List<Long> since(Connection connection, long run) throws SQLException {
        return since(told(), connection, run);
    }

    private static List<Long> since(ComparedRepository<Long, Item> repository, Connection connection, long run)
            throws SQLException {
        return new ChangedKeys<>(repository, connection, Duration.ofSeconds(30)).since(run);
    }

    @Test
    void aKeyThatWasWrittenSeveralTimesOnBothSidesIsOne() throws SQLException {
        long run = began();
        assertThat(since(run)).isEmpty();
        items.both(Item.of(2));
        items.both(Item.of(2));

        assertThat(since(run)).containsExactly(2L);
    }

    @Test
    void keysOfOneSideAreFoundHoweverOldTheyAre() throws SQLException {
        items.write(items.legacy, Item.of(8));
        items.write(items.next, Item.of(9));

        assertThat(since(began())).containsExactlyInAnyOrder(8L, 9L);
    }

    @Test
    void theSearchSeesOneSnapshot() throws SQLException {
        long run = began();
        List<Long> seen = SqlTransaction.snapshot(items.pool, connection -> {
            assertThat(since(connection, run)).isEmpty();
            items.both(Item.of(3));
            return since(connection, run);
        });

        assertThat(seen).isEmpty();
        assertThat(since(run)).containsExactly(3L);
    }

    @Test
    void theTransactionInWhichItBeganIsThatOfTheOldestThatWasOpen() throws SQLException {
        try (Connection open = db.connection()) {
            open.setAutoCommit(false);
            open.createStatement().execute("UPDATE new_item SET note = 'late' WHERE id = 1");
            items.both(Item.of(2));
            long run = began();
            open.commit();

            assertThat(since(run)).as("2 was seen, and is looked at in vain").containsExactlyInAnyOrder(1L, 2L);
        }
    }

    @Test
    void aPreparedTransactionIsOpenUntilItIsCommitted() throws Exception {
        try (PostgresCluster cluster = PostgresCluster.builder()
                        .setting("max_prepared_transactions", "1")
                        .start();
                PostgresDatabase own = PostgresDatabase.fresh().in(cluster).open()) {
            ChangedKeysTest other = new ChangedKeysTest(own);
            own.execute("BEGIN; UPDATE new_item SET note = 'late' WHERE id = 1; PREPARE TRANSACTION 'late'");
            other.items.both(Item.of(2));
            long run = other.began();
            assertThat(other.since(run)).containsExactly(2L);
            own.execute("COMMIT PREPARED 'late'");

            assertThat(other.since(run)).containsExactlyInAnyOrder(1L, 2L);
        }
    }

    @Test
    void partitionsAreSearchedAndOneThatWasAttachedIsAsOldAsItsRows() throws SQLException {
        db.execute("CREATE TABLE parted (LIKE new_item) PARTITION BY RANGE (id);"
                + " CREATE TABLE low PARTITION OF parted FOR VALUES FROM (0) TO (3);"
                + " CREATE TABLE high AS SELECT * FROM new_item WHERE id = 3;"
                + " INSERT INTO low SELECT * FROM new_item WHERE id < 3");
        items.on(connection -> items.legacy.remove(connection, List.of(3L)));
        ComparedRepository<Long, Item> parted =
                items.repository(new Told("legacy_item", true), new Told("parted", true));
        long run = began();
        db.execute("UPDATE parted SET note = 'changed' WHERE id = 2");
        assertThat(since(parted, run)).containsExactly(2L);

        items.on(connection -> items.legacy.upsert(connection, List.of(Item.of(3))));
        long later = began();
        db.execute("ALTER TABLE high ALTER id SET NOT NULL, ALTER name SET NOT NULL, ALTER at SET NOT NULL;"
                + " ALTER TABLE parted ATTACH PARTITION high FOR VALUES FROM (3) TO (9)");
        assertThat(since(parted, later)).isEmpty();
        db.execute("DROP TABLE parted");
    }

    @Test
    void storesThatDoNotSayTheirRowsInSqlAreRefused() {
        long run = Objects.requireNonNull(
                Verification.of(items.pool, items.repository()).build().run().id());
        ComparedRepository<Long, Item> half =
                items.repository(new Told("legacy_item", true), new Told("new_item", false));

        assertThatThrownBy(() -> Verification.of(items.pool, items.repository())
                        .changedSince(run)
                        .build()
                        .run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("the store of LEGACY does not say", "Give it a projection");
        assertThatThrownBy(() -> Verification.of(items.pool, half)
                        .changedSince(run)
                        .build()
                        .run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the store of NEW does not say");
    }

    @Test
    void whatIsAskedForLastCounts() {
        long run = began();
        VerificationResult<Long> all = Verification.of(items.pool, told())
                .changedSince(run)
                .sample(100)
                .build()
                .run();
        VerificationResult<Long> changed = Verification.of(items.pool, told())
                .sample(100)
                .changedSince(run)
                .build()
                .run();

        assertThat(all.counts().compared()).isEqualTo(3);
        assertThat(changed.counts().compared()).isZero();
        assertThat(changed.verdict()).isEqualTo(Verdict.MATCH);
    }
}
