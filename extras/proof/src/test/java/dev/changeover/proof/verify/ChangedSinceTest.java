package dev.changeover.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.shadowcompare.KeyDivergence;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.VerificationResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A verification of the keys that were written since an earlier one began looks at these, misses none, and no others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangedSinceTest {

    private static final String A_NEW_KEY = "11111111-1111-1111-1111-111111111111";

    private WideTables tables;

    @BeforeAll
    void open() {
        tables = new WideTables();
    }

    @AfterAll
    void close() {
        if (tables != null) {
            tables.close();
        }
    }

    @BeforeEach
    void equal() {
        execute("DELETE FROM old.part WHERE n > 3 OR wide_id = '" + A_NEW_KEY + "'");
        execute("DELETE FROM old.wide WHERE id = '" + A_NEW_KEY + "'");
        tables.equal();
    }

    private void execute(String sql) {
        tables.database.execute(sql);
    }

    private void damage(String table, int place) {
        execute("UPDATE " + table + " SET vary = 'changed' WHERE id = '" + tables.key(place) + "'");
    }

    /** Writes a key on both sides alike. */
    private void touch(int place) {
        for (String table : List.of("old.wide", "fresh.wide")) {
            execute("UPDATE " + table + " SET vary = vary WHERE id = '" + tables.key(place) + "'");
        }
    }

    private long run() {
        return Objects.requireNonNull(
                tables.verification().sample(100).build().run().id());
    }

    private VerificationResult<UUID> changedSince(long run) {
        VerificationResult<UUID> result =
                tables.verification().changedSince(run).build().run();
        assertThat(result.errors()).isEmpty();
        return result;
    }

    private static List<UUID> keys(VerificationResult<UUID> result) {
        return result.divergences().stream().map(KeyDivergence::key).toList();
    }

    private static void isOf(VerificationResult<UUID> result, Verdict verdict, long keys) {
        assertThat(result.verdict()).isEqualTo(verdict);
        assertThat(result.counts().compared()).isEqualTo(keys);
    }

    private String row(VerificationResult<UUID> result, String what) {
        return String.valueOf(tables.database.queryString(
                "SELECT " + what + " FROM changeover.verification WHERE id = " + result.id()));
    }

    @Test
    void keysThatWereWrittenOnOneSideAreFound() {
        damage("old.wide", 50);
        execute("UPDATE fresh.wide SET vary = 'changed' WHERE id = '" + tables.key(50) + "'");
        long run = run();
        damage("old.wide", 3);
        damage("fresh.wide", 40);

        VerificationResult<UUID> result = changedSince(run);

        isOf(result, Verdict.DIVERGED, 2);
        assertThat(keys(result)).containsExactly(tables.key(3), tables.key(40));
        assertThat(row(result, "concat_ws(' ', changed_since, whole, telling, walked)"))
                .isEqualTo(run + " f t t");
        execute("UPDATE old.wide SET vary = 'changed' WHERE id = '" + tables.key(40) + "'");
        execute("UPDATE fresh.wide SET vary = 'changed' WHERE id = '" + tables.key(3) + "'");
    }

    @Test
    void keysThatWereWrittenAlikeMatchWhichTellsNothingOfTheOthers() {
        damage("fresh.wide", 60);
        long run = run();
        touch(4);
        touch(5);

        VerificationResult<UUID> result = changedSince(run);

        isOf(result, Verdict.MATCH, 2);
        assertThat(row(result, "concat_ws(' ', whole, telling)")).isEqualTo("f f");
    }

    @Test
    void whereNothingHasChangedItMatchesWithoutAKey() {
        isOf(changedSince(run()), Verdict.MATCH, 0);
    }

    @Test
    void whatAnEarlierOneHasSeenTheNextDoesNotLookAtAgain() {
        long run = run();
        touch(1);
        VerificationResult<UUID> first = changedSince(run);
        touch(2);
        touch(3);

        isOf(first, Verdict.MATCH, 1);
        isOf(changedSince(Objects.requireNonNull(first.id())), Verdict.MATCH, 2);
        isOf(changedSince(run), Verdict.MATCH, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO old.part VALUES ('{key}', 4, 'more')",
                "INSERT INTO fresh.part VALUES ('{key}', 4, 'more')",
                "UPDATE old.part SET label = 'changed' WHERE wide_id = '{key}' AND n = 2",
                "UPDATE fresh.part SET label = 'changed' WHERE wide_id = '{key}' AND n = 2"
            })
    void aChildThatWasWrittenIsAChangeOfItsRoot(String sql) {
        long run = run();
        execute(sql.replace("'{key}'", "'" + tables.key(9) + "'")
                .replace("{key}", tables.key(9).toString()));

        VerificationResult<UUID> result = changedSince(run);

        isOf(result, Verdict.DIVERGED, 1);
        assertThat(keys(result)).containsExactly(tables.key(9));
        execute("UPDATE old.part SET label = 'part ' || n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"old.wide", "fresh.wide"})
    void aKeyThatWasInsertedOnOneSideIsFound(String table) {
        long run = run();
        execute("INSERT INTO " + table + " (id) VALUES ('" + A_NEW_KEY + "')");

        VerificationResult<UUID> result = changedSince(run);

        isOf(result, Verdict.DIVERGED, 1);
        assertThat(keys(result)).containsExactly(UUID.fromString(A_NEW_KEY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"old", "fresh"})
    void aKeyThatWasDeletedOnOneSideIsFoundAndOnBothSidesIsNone(String first) {
        execute("INSERT INTO old.wide (id) VALUES ('" + A_NEW_KEY + "')");
        execute("INSERT INTO fresh.wide (id) VALUES ('" + A_NEW_KEY + "')");
        long run = run();
        execute("DELETE FROM " + first + ".wide WHERE id = '" + A_NEW_KEY + "'");

        VerificationResult<UUID> one = changedSince(run);
        execute("DELETE FROM " + (first.equals("old") ? "fresh" : "old") + ".wide WHERE id = '" + A_NEW_KEY + "'");
        VerificationResult<UUID> both = changedSince(run);

        isOf(one, Verdict.DIVERGED, 1);
        assertThat(keys(one)).containsExactly(UUID.fromString(A_NEW_KEY));
        isOf(both, Verdict.MATCH, 0);
    }

    @Test
    void aKeyThatWasDeletedSoftlyOnOneSideIsFound() {
        long run = run();
        execute("UPDATE fresh.wide SET deleted_at = now() WHERE id = '" + tables.key(20) + "'");

        VerificationResult<UUID> result = changedSince(run);

        isOf(result, Verdict.DIVERGED, 1);
        assertThat(result.counts().missing()).isOne();
    }

    @Test
    void whatOpenTransactionsAndTheirSavepointsWriteIsFoundOnceTheyCommit() throws SQLException {
        try (Connection open = tables.database.connection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute(changing(7));
            open.releaseSavepoint(write(open, 8));
            open.rollback(write(open, 9));
            long run = run();
            statement.execute(changing(10));
            write(open, 11);
            assertThat(keys(changedSince(run))).isEmpty();
            open.commit();

            VerificationResult<UUID> result = changedSince(run);

            isOf(result, Verdict.DIVERGED, 4);
            assertThat(keys(result)).containsExactly(tables.key(7), tables.key(8), tables.key(10), tables.key(11));
        }
    }

    private String changing(int place) {
        return "UPDATE fresh.wide SET vary = 'changed' WHERE id = '" + tables.key(place) + "'";
    }

    private Savepoint write(Connection connection, int place) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute(changing(place));
        }
        return savepoint;
    }

    @Test
    void whatWasRolledBackIsNoChange() throws SQLException {
        long run = run();
        try (Connection open = tables.database.connection()) {
            open.setAutoCommit(false);
            write(open, 12);
            open.rollback();
        }

        isOf(changedSince(run), Verdict.MATCH, 0);
    }

    @Test
    void frozenRowsAreOldOrNewAsTheyWere() {
        execute("VACUUM FREEZE old.wide, old.part, fresh.wide, fresh.part");
        long run = run();
        damage("fresh.wide", 13);
        execute("UPDATE fresh.part SET label = 'changed' WHERE wide_id = '" + tables.key(14) + "' AND n = 1");
        execute("VACUUM FREEZE old.wide, old.part, fresh.wide, fresh.part");

        VerificationResult<UUID> result = changedSince(run);

        isOf(result, Verdict.DIVERGED, 2);
        assertThat(keys(result)).containsExactly(tables.key(13), tables.key(14));
    }

    @Test
    void aRunThatWasKilledGoesOnWhereItWas() {
        long run = run();
        for (int place = 0; place < 40; place++) {
            touch(place);
        }
        damage("fresh.wide", 39);
        AtomicInteger asked = new AtomicInteger();
        VerificationResult<UUID> stopped =
                tables.verification().changedSince(run).build().run(() -> asked.incrementAndGet() > 4);
        execute("UPDATE changeover.verification SET verdict = NULL WHERE id = " + stopped.id()); // as if it had died
        damage("fresh.wide", 0);
        damage("fresh.wide", 63);

        VerificationResult<UUID> resumed = tables.verification().build().resume(Objects.requireNonNull(stopped.id()));

        assertThat(stopped.counts().compared()).isBetween(1L, 39L);
        isOf(resumed, Verdict.DIVERGED, 41);
        assertThat(keys(resumed)).containsExactly(tables.key(39), tables.key(63));
        assertThat(keys(changedSince(Objects.requireNonNull(stopped.id()))))
                .as("what came behind its back the next one finds")
                .contains(tables.key(0));
    }

    @Test
    void aRunThatFailedSaysWhereItBeganLikeAnyOther() {
        execute("ALTER TABLE fresh.wide RENAME TO hidden");
        VerificationResult<UUID> failed = tables.verification().build().run();
        execute("ALTER TABLE fresh.hidden RENAME TO wide");
        damage("fresh.wide", 15);

        VerificationResult<UUID> result = changedSince(Objects.requireNonNull(failed.id()));

        assertThat(failed.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(keys(result)).containsExactly(tables.key(15));
    }

    private void refused(long run, String problem) {
        long records = tables.database.queryLong("SELECT count(*) FROM changeover.verification");
        assertThatThrownBy(() -> tables.verification().changedSince(run).build().run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("wide.verification.changedSince", problem);
        assertThat(tables.database.queryLong("SELECT count(*) FROM changeover.verification"))
                .isEqualTo(records);
    }

    private long record(String repository, String beganIn) {
        return tables.database.queryLong("INSERT INTO changeover.verification (repository, epoch, began_in) VALUES ('"
                + repository + "', 1, " + beganIn + ") RETURNING id");
    }

    @Test
    void anUnknownRunAndOneOfAnotherRepositoryAreRefused() {
        refused(4_711, "there is no verification 4711");
        refused(record("others", "DEFAULT"), "is of others");
    }

    @Test
    void aRunThatDoesNotSayWhereItBeganOrIsOfAnotherServerIsRefused() {
        refused(record("wide", "NULL"), "does not say in which transaction it began");
        refused(record("wide", "'9000000000000000000'"), "began on another server");
    }

    @Test
    void aViewInThePlaceOfATableIsRefused() {
        long run = run();
        execute("ALTER TABLE old.part RENAME TO part_old; CREATE VIEW old.part AS SELECT * FROM old.part_old");
        try {
            refused(run, "\"old\".\"part\" is no table");
        } finally {
            execute("DROP VIEW old.part; ALTER TABLE old.part_old RENAME TO part");
        }
    }
}
