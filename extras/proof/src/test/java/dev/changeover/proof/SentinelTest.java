package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.ForeignWriter;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.testkit.Guarantee;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.Savepoint;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Changes that go round the library, and what routed writes change besides the keys that they declare. */
class SentinelTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSERT INTO old.owner VALUES (3, 'c')                         | 3",
                "UPDATE old.owner SET name = 'x' WHERE id = 1                  | 1",
                "UPDATE old.owner SET id = 9 WHERE id = 2                      | 2 9",
                "DELETE FROM old.owner WHERE id = 2                            | 2",
                "INSERT INTO old.phone VALUES (2, 1, '7')                      | 2",
                "UPDATE old.phone SET number = '8'                             | 1",
                "UPDATE old.phone SET owner_id = 2                             | 1 2",
                "DELETE FROM old.phone                                         | 1",
                "DELETE FROM old.owner WHERE id = 1                            | 1 1",
                "INSERT INTO old.owner VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' | 1",
                "TRUNCATE old.phone                                            | 1",
                "TRUNCATE old.owner CASCADE                                    | 1 1 2",
                "SET session_replication_role = replica; UPDATE old.owner SET name = 'x' WHERE id = 1 | 1",
                "UPDATE old.owner SET name = name                              | ''",
                "UPDATE old.owner SET name = 'z' WHERE id = 99                 | ''",
            })
    @Guarantee("G7")
    @Guarantee("G2")
    @FailureRow(value = FailureRow.PSQL, stages = Stage.DUAL_WRITE)
    void whatAStrangerChangesIsMarkedAndConverged(String sql, String keys) {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.psql(sql);

            assertThat(garage.marks().stream().map(mark -> mark.split(" ")[1]).collect(Collectors.joining(" ")))
                    .isEqualTo(keys);
            converge(garage);
        }
    }

    @Test
    @Guarantee("G7")
    void aCopyFromAFileIsSeen() throws Exception {
        try (Garage garage = garage(Stage.DUAL_WRITE);
                Connection connection = garage.database.dataSource().getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY old.owner (id, name) FROM STDIN", new StringReader("5\te\n6\tf\n"));

            assertThat(garage.marks()).containsExactly("owners 5 LEGACY FOREIGN", "owners 6 LEGACY FOREIGN");
            converge(garage);
        }
    }

    @Test
    @Guarantee("G7")
    void whoWroteRoundTheLibraryIsKnownAfterTheMarksAreGone() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.psql("SET application_name = 'nightly'; UPDATE old.owner SET name = name || '!'");
            garage.psql("SET application_name = 'nightly'; UPDATE old.owner SET name = 'x' WHERE id = 1");
            garage.psql("SET application_name = 'psql'; DELETE FROM old.owner WHERE id = 1");
            converge(garage);

            assertThat(garage.changeover.sentinels().foreignWriters("owners"))
                    .extracting(ForeignWriter::application, ForeignWriter::reason, ForeignWriter::changes)
                    .containsExactlyInAnyOrder(tuple("nightly", "FOREIGN", 3L), tuple("psql", "FOREIGN", 2L));
            assertThat(garage.changeover.sentinels().foreignWriters("owners"))
                    .allSatisfy(writer -> assertThat(writer.writer()).isEqualTo("postgres"))
                    .allSatisfy(writer -> assertThat(writer.lastAt()).isAfterOrEqualTo(writer.firstAt()));
        }
    }

    @Test
    @Guarantee("G7")
    void whatIsRememberedOfStrangersIsFoldedTogether() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.psql(
                    "INSERT INTO changeover.foreign_change SELECT 1, 'LEGACY', 'FOREIGN', 'w', 'a' || i % 3, 2, now(), now()"
                            + " FROM generate_series(1, 600) i");
            garage.psql("SELECT changeover.fold_foreign_changes()");

            assertThat(garage.database.queryLong("SELECT count(*) FROM changeover.foreign_change"))
                    .isEqualTo(3);
            assertThat(garage.changeover.sentinels().foreignWriters("owners"))
                    .extracting(ForeignWriter::changes)
                    .containsExactly(400L, 400L, 400L);
            assertThat(garage.changeover.status())
                    .filteredOn(status -> status.state().name().equals("owners"))
                    .allSatisfy(status -> assertThat(status.foreignChanges()).isEqualTo(1200))
                    .allSatisfy(status -> assertThat(status.watched()).containsExactlyInAnyOrder(Side.values()));
        }
    }

    @Test
    @Guarantee("G7")
    void aRoleWithoutAnyRightToTheControlSchemaIsSeenWhateverItsSearchPathHides() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.psql("DROP ROLE IF EXISTS blue; CREATE ROLE blue; GRANT USAGE ON SCHEMA old TO blue;"
                    + " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA old TO blue;"
                    + " CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO blue;"
                    + " CREATE FUNCTION evil.strpos(text, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
                    + " CREATE FUNCTION evil.pg_advisory_xact_lock_shared(integer, integer) RETURNS void"
                    + " LANGUAGE sql AS ''");
            try {
                garage.psql("SET search_path = evil, pg_catalog; SET ROLE blue; UPDATE old.owner SET name = 'x'");
            } finally {
                garage.psql("RESET ROLE; DROP OWNED BY blue; DROP ROLE blue");
            }
            assertThat(garage.marks()).hasSize(2);
        }
    }

    @Test
    @Guarantee("G7")
    void aRoutedWriteIsSignedAndMarksNothing() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.own(1, "UPDATE {s}.owner SET name = 'x' WHERE id = 1");
            garage.own(1, "UPDATE {s}.phone SET number = 'x' WHERE owner_id = 1");
            garage.own(3, "INSERT INTO {s}.owner VALUES (3, 'c')");
            garage.own(3, "DELETE FROM {s}.owner WHERE id = 3");

            assertThat(garage.marks()).isEmpty();
            assertThat(garage.differences()).isEmpty();
            assertThat(garage.changeover.sentinels().foreignWriters("owners")).isEmpty();
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G7")
    void whatARoutedWriteChangesBesidesItsKeyIsCopiedWithIt() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.own(1, "UPDATE {s}.owner SET name = 'x'");
            garage.own(1, "UPDATE {s}.phone SET owner_id = 2");
            garage.own(1, "UPDATE {s}.owner SET id = 7 WHERE id = 1");

            assertThat(garage.marks()).isEmpty();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"DUAL_WRITE, 200, 0", "DUAL_WRITE, 1000, 1000", "NEW_PRIMARY, 200, 0", "NEW_PRIMARY, 1000, 1000"})
    @Guarantee("G1")
    @Guarantee("G7")
    void aBulkStatementOfUnknownKeysFollowsOrIsMarked(Stage stage, int rows, int atLeast) {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.psql("INSERT INTO old.owner SELECT i, 'n' FROM generate_series(1001, 1000 + " + rows + ") i");
            garage.drain();
            garage.to(stage);

            int changed =
                    garage.owners.bulk("sweep", port -> port.run("UPDATE {s}.owner SET name = 'x' WHERE id > 1000"));

            assertThat(changed).isEqualTo(rows);
            assertThat(garage.marks().size()).isGreaterThanOrEqualTo(atLeast == 0 ? 0 : rows - 400);
            if (atLeast == 0) {
                assertThat(garage.marks()).isEmpty();
                assertThat(garage.differences()).isEmpty();
            }
            converge(garage);
        }
    }

    @Test
    @Guarantee("G1")
    void aBulkStatementUnderASnapshotIsMarked() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.inTransaction(
                    Scene.REPEATABLE_READ,
                    () -> garage.owners.bulk("sweep", port -> port.run("UPDATE {s}.owner SET name = 'x'")));

            assertThat(garage.marks()).containsExactly("owners 1 LEGACY ISOLATION", "owners 2 LEGACY ISOLATION");
            converge(garage);
        }
    }

    @Test
    @Guarantee("G1")
    void aBulkStatementWhoseMethodThrowsIsMarkedAndTheCallerMayCommit() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.inTransaction(() -> {
                assertThatThrownBy(() -> garage.owners.bulk("sweep", port -> {
                            port.run("UPDATE {s}.owner SET name = 'x'");
                            throw new IllegalStateException("after the write");
                        }))
                        .hasMessage("after the write");
                return true;
            });
            assertThat(garage.marks())
                    .containsExactly("owners 1 LEGACY AUTHORITY_THREW", "owners 2 LEGACY AUTHORITY_THREW");
            converge(garage);
        }
    }

    @Test
    @Guarantee("G1")
    void aRoutedCallInsideARoutedCallKeepsTheIntervalOfTheOuterOne() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.owners.run("write", 1L, port -> {
                garage.owners.run("write", 2L, inner -> inner.run("UPDATE {s}.owner SET name = 'y' WHERE id = 2"));
                garage.cars.run("write", 1L, inner -> inner.run("INSERT INTO {s}.car VALUES (1, 2, 'p')"));
                port.run("UPDATE {s}.owner SET name = 'x' WHERE id = 1");
                port.run("INSERT INTO {s}.owner VALUES (8, 'h')");
            });
            assertThat(garage.marks()).isEmpty();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    @FailureRow(value = FailureRow.SAVEPOINT, stages = Stage.DUAL_WRITE)
    void aSavepointOfTheCallerTakesTheIntervalWithItAndTheUnitGoesOn() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.inTransaction(() -> {
                Connection connection = garage.transactions.current().connection();
                Savepoint savepoint = connection.setSavepoint();
                garage.own(1, "UPDATE {s}.owner SET name = 'undone'");
                connection.rollback(savepoint);
                garage.stray("UPDATE old.owner SET name = 'stray' WHERE id = 2");
                garage.own(1, "UPDATE {s}.owner SET name = 'x' WHERE id = 1");
                return true;
            });
            assertThat(garage.marks()).containsExactly("owners 2 LEGACY FOREIGN");
            converge(garage);
        }
    }

    /** At 100 % and after the flip the first read of a writing unit enters the fence, which is no write. */
    @ParameterizedTest
    @CsvSource({"RAMP, old", "NEW_PRIMARY, fresh"})
    @Guarantee("G7")
    void aReadInAWritingUnitSignsNothing(Stage stage, String leads) {
        try (Garage garage = garage(stage)) {
            if (stage == Stage.RAMP) {
                garage.changeover.stages().percent(List.of("owners", "cars"), 100, "test", "all");
            }
            garage.inTransaction(() -> {
                garage.owners.read("read", 1L, port -> 1);
                garage.stray("UPDATE " + leads + ".owner SET name = 'stray' WHERE id = 2");
                return true;
            });
            assertThat(garage.marks())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("owners 2")
                    .endsWith("FOREIGN");
            converge(garage);
        }
    }

    @Test
    @Guarantee("G1")
    void aFollowerThatFailsLeavesTheCollectedKeysMarked() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.psql("ALTER TABLE fresh.owner ADD CHECK (name <> 'x')");
            garage.own(1, "UPDATE {s}.owner SET name = 'x'");
            assertThat(garage.marks()).containsExactly("owners 1 LEGACY FAILED", "owners 2 LEGACY FAILED");

            garage.psql("ALTER TABLE fresh.owner DROP CONSTRAINT owner_name_check");
            converge(garage);
        }
    }

    @Test
    @Guarantee("G3")
    @Guarantee("G7")
    void whatACopySetsOffInTheFollowersTablesIsMarkedAndFailsNobody() {
        try (Garage garage = garage(Stage.DUAL_WRITE)) {
            garage.cars.run("write", 1L, port -> port.run("INSERT INTO {s}.car VALUES (1, 1, 'p')"));
            garage.psql("ALTER TABLE old.car DROP CONSTRAINT car_owner_fkey"); // only new cascades
            garage.own(1, "DELETE FROM {s}.owner WHERE id = 1");

            assertThat(garage.marks()).containsExactly("cars 1 LEGACY CASCADE");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"NEW_PRIMARY", "NEW_ONLY"})
    @Guarantee("G7")
    @FailureRow(FailureRow.PSQL)
    void whoStillWritesLegacyAfterTheFlipIsRefusedAndToldWhy(Stage stage) {
        try (Garage garage = garage(stage)) {
            assertThatThrownBy(() -> garage.psql("UPDATE old.owner SET name = 'x'"))
                    .hasStackTraceContaining("repository owners is led by new now")
                    .hasStackTraceContaining("changeover.status");
            assertThatThrownBy(() -> garage.psql("TRUNCATE old.phone")).hasStackTraceContaining("led by new");
            assertThat(garage.database.queryString("SELECT name FROM old.owner WHERE id = 1"))
                    .isEqualTo("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DUAL_WRITE", "SHADOW", "RAMP"})
    @Guarantee("G7")
    @FailureRow(
            value = FailureRow.PSQL,
            stages = {Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP})
    void whoWritesNewBeforeTheFlipIsRefused(Stage stage) {
        try (Garage garage = garage(stage)) {
            assertThatThrownBy(() -> garage.psql("UPDATE fresh.owner SET name = 'x'"))
                    .hasStackTraceContaining("repository owners is led by legacy now");
            converge(garage);
        }
    }

    @ParameterizedTest
    @CsvSource({"RAMP, fresh, LEGACY", "NEW_PRIMARY, old, NEW"})
    @Guarantee("G7")
    @Guarantee("G2")
    @FailureRow(FailureRow.PSQL)
    void aConflictIsUndoneAndRememberedWhereThatIsWanted(Stage stage, String schema, Side right) {
        try (Garage garage = filled(Garage.open(Strangers.MARK)).to(stage)) {
            garage.psql("UPDATE " + schema + ".owner SET name = 'x' WHERE id = 1");

            assertThat(garage.marks()).containsExactly("owners 1 " + right + " CONFLICT");
            converge(garage);
            assertThat(garage.database.queryString("SELECT name FROM old.owner WHERE id = 1"))
                    .isEqualTo("a");
            assertThat(garage.changeover.sentinels().foreignWriters("owners"))
                    .extracting(ForeignWriter::reason)
                    .containsExactly("CONFLICT");
        }
    }

    @Test
    @Guarantee("G7")
    @Guarantee("G8")
    @FailureRow(value = FailureRow.PSQL, stages = Stage.NEW_PRIMARY)
    void aStrangerOnNewAfterTheFlipIsConvergedIntoLegacy() {
        try (Garage garage = garage(Stage.NEW_PRIMARY)) {
            garage.psql("UPDATE fresh.owner SET name = 'x' WHERE id = 1; DELETE FROM fresh.owner WHERE id = 2;"
                    + " INSERT INTO fresh.phone VALUES (1, 9, '9')");
            assertThat(garage.marks())
                    .containsExactly("owners 1 NEW FOREIGN", "owners 1 NEW FOREIGN", "owners 2 NEW FOREIGN");
            converge(garage);
        }
    }

    @Test
    void nothingIsMarkedWhereNothingFollows() {
        try (Garage garage = filled(Garage.open())) {
            garage.psql("UPDATE old.owner SET name = 'x'; UPDATE fresh.owner SET name = 'y'");
            assertThat(garage.marks()).isEmpty();
        }
        try (Garage garage = garage(Stage.NEW_ONLY)) {
            garage.psql("UPDATE fresh.owner SET name = 'y'");
            assertThat(garage.marks()).isEmpty();
        }
    }

    @Test
    @Guarantee("G4")
    @Guarantee("G7")
    void aSnapshotThatIsOlderThanTheFlipCannotWriteLegacy() {
        try (Garage garage = garage(Stage.RAMP)) {
            var blue = garage.stranger("blue");
            blue.run("ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM old.owner");
            garage.to(Stage.NEW_PRIMARY);
            assertThatThrownBy(() -> blue.run("UPDATE old.owner SET name = 'x'"))
                    .hasStackTraceContaining("could not serialize access");
        }
    }

    // ---- installing and removing

    @Test
    void aBulkMethodNeedsSentinelsBeforeAnythingFollows() {
        try (Garage garage = filled(Garage.unwatched())) {
            garage.owners.bulk("sweep", port -> port.run("UPDATE {s}.owner SET name = 'x'"));
            assertThatThrownBy(() -> garage.to(Stage.DUAL_WRITE))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("only sentinels can tell the keys of sweep")
                    .hasMessageContaining("Install the sentinels");

            garage.changeover.sentinels().install("owners", Strangers.REFUSE, "test", "needed");
            garage.to(Stage.DUAL_WRITE);
            assertThatThrownBy(() -> garage.changeover.sentinels().remove("owners", "test", "too early"))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("sweep");
            garage.changeover.sentinels().remove("cars", "test", "were never there");
        }
    }

    @Test
    void sentinelsThatAreRemovedLeaveNothingBehindAndCanComeAgain() {
        try (Garage garage = filled(Garage.open())) {
            for (int round = 0; round < 2; round++) {
                garage.changeover.sentinels().remove("owners", "test", "round " + round);
                garage.changeover.sentinels().remove("cars", "test", "round " + round);
                assertThat(garage.database.queryLong("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'changeover%'"))
                        .isZero();
                assertThat(garage.database.queryLong("SELECT count(*) FROM pg_proc WHERE proname ~ '^sentinel_[0-9]'"))
                        .isZero();
                garage.changeover.sentinels().install("owners", Strangers.REFUSE, "test", "again");
                garage.changeover.sentinels().install("owners", Strangers.REFUSE, "test", "twice");
            }
            assertThat(garage.database.queryStrings("SELECT action || ' ' || after FROM changeover.history"
                            + " WHERE repository = 'owners' AND action = 'SENTINELS' ORDER BY id DESC LIMIT 1"))
                    .containsExactly("SENTINELS LEGACY,NEW");
        }
    }

    @Test
    void aDbaCanReadTheScriptAndRunItInstead() {
        try (Garage garage = filled(Garage.unwatched())) {
            garage.psql(garage.changeover.sentinels().ddl("owners", Strangers.REFUSE, "O'Dba", "it's \"reviewed\""));
            garage.to(Stage.DUAL_WRITE);
            garage.psql("UPDATE old.owner SET name = 'x' WHERE id = 1");
            assertThat(garage.marks()).contains("owners 1 LEGACY FOREIGN");
        }
    }

    @Test
    void aTableWhosePartitionsComeAndGoUnseenIsRefused() {
        try (Garage garage = filled(Garage.unwatched())) {
            garage.psql("DROP TABLE old.car; CREATE TABLE old.car (id bigint PRIMARY KEY, owner bigint, plate text)"
                    + " PARTITION BY RANGE (id); CREATE TABLE old.car_1 PARTITION OF old.car DEFAULT");
            assertThatThrownBy(() -> garage.changeover.sentinels().install("cars", Strangers.REFUSE, "test", "try"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("old.car")
                    .hasMessageContaining("partitioned");
        }
    }

    @Test
    @Guarantee("G3")
    void installingGivesUpBehindAnOpenTransactionAndChangesNothing() {
        try (Garage garage = filled(Garage.unwatched())) {
            var blue = garage.stranger("blue");
            blue.run("UPDATE old.owner SET name = 'x' WHERE id = 1");
            assertThatThrownBy(() -> garage.changeover.sentinels().install("owners", Strangers.REFUSE, "test", "try"))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("open transactions hold the tables");
            blue.commit();
            garage.changeover.sentinels().install("owners", Strangers.REFUSE, "test", "again");
        }
    }

    // ---- fixture

    private static Garage garage(Stage stage) {
        return followed(filled(Garage.open()).to(stage));
    }

    /** So that what is different afterwards is so by what the test did. */
    private static Garage followed(Garage garage) {
        if (garage.changeover.stages().of("owners").stage().follower() == Side.NEW
                && !garage.changeover.stages().of("owners").backfilled()) {
            garage.changeover.backfill("owners").run(progress -> {});
            garage.changeover.backfill("cars").run(progress -> {});
        }
        return garage;
    }

    private static Garage filled(Garage garage) {
        garage.own(1, "INSERT INTO {s}.owner VALUES (1, 'a')");
        garage.own(1, "INSERT INTO {s}.phone VALUES (1, 1, '11')");
        garage.own(2, "INSERT INTO {s}.owner VALUES (2, 'b')");
        return garage;
    }

    private static void converge(Garage garage) {
        garage.changeover.backfill("owners").permitRemovals();
        garage.changeover.backfill("cars").permitRemovals();
        garage.drain();
        assertThat(garage.marks()).isEmpty();
        assertThat(garage.differences()).isEmpty();
    }
}
