package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Policy;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a hunt for counterexamples against the sentinels found: each test failed before it was mended. */
class SentinelFindingsTest {

    // ---- (a) lost

    @Test
    void whatACopySetsOffOnTheAuthorityForAnotherKeyIsNotLost() {
        try (Garage garage = garage()) {
            garage.psql("CREATE FUNCTION fresh.back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " UPDATE old.owner SET name = 'back' WHERE id = 2; RETURN NULL; END $$;"
                    + " CREATE TRIGGER back AFTER UPDATE ON fresh.owner FOR EACH ROW WHEN (NEW.id = 1)"
                    + " EXECUTE FUNCTION fresh.back()");
            garage.own(1, "UPDATE {s}.owner SET name = 'x' WHERE id = 1");
            garage.drain();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    void whatACopySetsOffOnTheAuthorityForTheDeclaredKeyIsNotLost() {
        try (Garage garage = garage()) {
            garage.psql("CREATE FUNCTION fresh.back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " UPDATE old.owner SET name = name || '!' WHERE id = 1 AND name NOT LIKE '%!'; RETURN NULL; END $$;"
                    + " CREATE TRIGGER back AFTER UPDATE ON fresh.owner FOR EACH ROW WHEN (NEW.id = 1)"
                    + " EXECUTE FUNCTION fresh.back()");
            garage.own(1, "UPDATE {s}.owner SET name = 'x' WHERE id = 1");
            garage.drain();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    void aBulkWriteAfterSomebodySwitchedTheTriggersOffIsRefusedOrMarked() {
        try (Garage garage = garage()) {
            garage.psql("ALTER TABLE old.owner DISABLE TRIGGER USER");
            Throwable refused = catchThrowable(
                    () -> garage.owners.bulk("sweep", port -> port.run("UPDATE {s}.owner SET name = 'x'")));
            garage.drain();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    void aFlipIsRefusedWhereTheTriggersAreGone() {
        try (Garage garage = garage()) {
            garage.to(Stage.RAMP);
            garage.changeover.stages().percent(List.of("owners", "cars"), 100, "test", "all");
            garage.psql("ALTER TABLE old.owner DISABLE TRIGGER USER; UPDATE old.owner SET name = 'blue'");
            Throwable refused = catchThrowable(() -> garage.changeover
                    .stages()
                    .moveTogether(List.of("owners", "cars"), Stage.NEW_PRIMARY, "test", "flip"));
            assertThat(refused).isNotNull();
        }
    }

    @Test
    void aCollectedEmptyKeyIsNotLost() {
        try (Yard<String, Yard.Note> yard = Yard.notes()) {
            yard.psql("INSERT INTO old.note VALUES ('', 'a'), ('b', 'b')");
            yard.drain();
            assertThat(yard.differences("note", "id, body")).isEmpty();
            yard.dual.run("write", "b", port -> port.run("UPDATE {s}.note SET body = 'x'"));
            yard.drain();
            assertThat(yard.differences("note", "id, body")).isEmpty();
        }
    }

    @Test
    void aKeyThatIsMadeOfTwoDeclaredKeysAndTheSeparatorIsNotLost() {
        try (Yard<String, Yard.Note> yard = Yard.notes()) {
            yard.psql("INSERT INTO old.note VALUES ('a', '1'), ('b', '2'), (E'a\\x1fb', '3')");
            yard.drain();
            assertThat(yard.differences("note", "id, body")).isEmpty();
            yard.dual.writeAll("write", List.of("a", "b"), port -> port.run("UPDATE {s}.note SET body = 'x'"));
            yard.drain();
            assertThat(yard.differences("note", "id, body")).isEmpty();
        }
    }

    @Test
    void anAtomicWriteUnderASnapshotMarksWhatItCollected() throws Exception {
        try (Yard<Long, Garage.Owner> yard = Yard.owners(builder -> builder.policy(Policy.ATOMIC), "fresh")) {
            yard.psql("INSERT INTO old.phone VALUES (2, 1, '22')");
            yard.drain();
            yard.transactions.required(Scene.REPEATABLE_READ, () -> {
                yard.sql("SELECT count(*) FROM old.phone");
                Thread other = new Thread(
                        () -> yard.dual.run("write", 2L, port -> port.run("DELETE FROM {s}.phone WHERE owner_id = 2")));
                other.start();
                other.join();
                yard.dual.run("write", 1L, port -> port.run("UPDATE {s}.owner SET name = 'x'"));
                return true;
            });
            yard.drain();
            assertThat(yard.differences("phone", "owner_id, n, number")).isEmpty();
            assertThat(yard.differences("owner", "id, name")).isEmpty();
        }
    }

    @Test
    void anAtomicBulkWriteIsBothOrNeither() {
        try (Yard<Long, Garage.Owner> yard = Yard.owners(builder -> builder.policy(Policy.ATOMIC), "fresh")) {
            yard.psql("INSERT INTO old.owner SELECT i, 'n' FROM generate_series(1001, 2000) i");
            yard.drain();
            Throwable refused = catchThrowable(
                    () -> yard.dual.bulk("sweep", port -> port.run("UPDATE {s}.owner SET name = 'x' WHERE id > 1000")));
            assertThat(yard.differences("owner", "id, name")).isEmpty();
        }
    }

    @Test
    void aWriteWhoseResultCannotBeRememberedIsMarkedOrRolledBack() {
        UnaryOperator<Garage.Owner> copy = owner -> {
            if (owner.name().equals("boom")) {
                throw new IllegalStateException("copy");
            }
            return owner;
        };
        try (Yard<Long, Garage.Owner> yard = Yard.owners(builder -> builder.mutable(copy), "fresh")) {
            yard.to(Stage.NEW_PRIMARY);
            Throwable end = catchThrowable(() ->
                    yard.transactions.required(dev.changeover.core.spi.TransactionSettings.DEFAULTS, () -> {
                        Throwable thrown = catchThrowable(() -> yard.dual.write("write", 1L, port -> {
                            port.run("UPDATE {s}.owner SET name = 'boom' WHERE id = 1");
                            return new Garage.Owner(1L, "boom", Map.of());
                        }));
                        yard.sql("UPDATE fresh.owner SET name = 'stray' WHERE id = 2");
                        return true;
                    }));
            yard.drain();
            assertThat(yard.differences("owner", "id, name")).isEmpty();
        }
    }

    @Test
    void aTruncateIsSeenByASentinelWhoseOwnerIsSubjectToRowSecurity() {
        try (Garage garage = garage()) {
            garage.psql(
                    "DROP ROLE IF EXISTS hunt_rls; CREATE ROLE hunt_rls; GRANT USAGE ON SCHEMA changeover, old TO hunt_rls;"
                            + " GRANT CREATE ON SCHEMA changeover TO hunt_rls;"
                            + " GRANT EXECUTE ON FUNCTION changeover.note(integer, text, text[]) TO hunt_rls;"
                            + " GRANT SELECT ON old.phone TO hunt_rls; ALTER FUNCTION changeover.sentinel_1_legacy_1() OWNER TO hunt_rls;"
                            + " ALTER TABLE old.phone ENABLE ROW LEVEL SECURITY");
            Throwable refused = catchThrowable(() -> garage.psql("TRUNCATE old.phone"));
            List<String> marks = garage.marks();
            garage.psql(
                    "ALTER FUNCTION changeover.sentinel_1_legacy_1() OWNER TO postgres; DROP OWNED BY hunt_rls; DROP ROLE hunt_rls");
            assertThat(refused != null || !marks.isEmpty()).isTrue();
        }
    }

    // ---- (b) hurt

    @Test
    void aRoutedDeleteThatCascadesIntoATableOfTheFollowerIsNotRefused() {
        try (Garage garage = garage()) {
            garage.cars.run("write", 1L, port -> port.run("INSERT INTO {s}.car VALUES (1, 1, 'p')"));
            garage.psql("ALTER TABLE fresh.car DROP CONSTRAINT car_owner_fkey,"
                    + " ADD CONSTRAINT to_legacy FOREIGN KEY (owner) REFERENCES old.owner ON DELETE CASCADE");
            assertThatCode(() -> garage.own(1, "DELETE FROM {s}.owner WHERE id = 1"))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aTableOfBothSidesIsRefusedAtTheInstallation() {
        assertThatThrownBy(() -> Yard.owners(builder -> builder, "old").close())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("both stores name the table");
    }

    @Test
    void anInstallerWithoutTheRightToNoteIsRefusedAndNotEveryWriterAfterIt() {
        try (Garage garage = Garage.unwatched()) {
            String script = garage.changeover.sentinels().ddl("cars", Strangers.REFUSE, "dba", "install");
            garage.psql(
                    "DROP ROLE IF EXISTS hunt_dba; CREATE ROLE hunt_dba; GRANT USAGE, CREATE ON SCHEMA changeover TO hunt_dba;"
                            + " GRANT USAGE, CREATE ON SCHEMA old, fresh TO hunt_dba;"
                            + " GRANT EXECUTE ON FUNCTION changeover.close_fences(integer[], integer), changeover.sentinel_statement(),"
                            + " changeover.watch(integer, text[], text[], text, text, text) TO hunt_dba;"
                            + " ALTER TABLE old.car OWNER TO hunt_dba; ALTER TABLE fresh.car OWNER TO hunt_dba");
            Throwable refused = catchThrowable(() -> garage.psql("SET ROLE hunt_dba; " + script));
            Throwable hurt = catchThrowable(() -> garage.psql("INSERT INTO old.car VALUES (1, NULL, 'p')"));
            garage.psql(
                    "RESET ROLE; REASSIGN OWNED BY hunt_dba TO postgres; DROP OWNED BY hunt_dba; DROP ROLE hunt_dba");
            assertThat(refused != null || hurt == null).isTrue();
        }
    }

    @Test
    void aTransactionTakesAtMostFiveHundredKeyLocks() {
        try (Garage garage = garage()) {
            garage.psql("INSERT INTO old.owner SELECT i, 'n' FROM generate_series(1001, 2000) i");
            garage.drain();
            long locks = garage.inTransaction(() -> {
                for (int i = 1; i <= 5; i++) {
                    String range = " WHERE id > " + (1000 + 190 * (i - 1)) + " AND id <= " + (1000 + 190 * i);
                    garage.owners.bulk("sweep", port -> port.run("UPDATE {s}.owner SET name = 'x'" + range));
                }
                return garage.database.queryLong("SELECT count(*) FROM pg_locks WHERE classid = 1128813415");
            });
            assertThat(locks).isLessThanOrEqualTo(500);
        }
    }

    // ---- (c) attribution

    @Test
    void aCascadeAfterANestedCallOfAnotherRepositoryIsACascade() {
        try (Garage garage = garage()) {
            garage.cars.run("write", 1L, port -> port.run("INSERT INTO {s}.car VALUES (1, 1, 'p')"));
            garage.psql("ALTER TABLE fresh.car DROP CONSTRAINT car_owner_fkey");
            garage.owners.run("write", 1L, port -> {
                garage.cars.run("write", 2L, inner -> inner.run("INSERT INTO {s}.car VALUES (2, 2, 'q')"));
                port.run("DELETE FROM {s}.owner WHERE id = 1");
            });
            assertThat(garage.marks()).containsExactly("cars 1 LEGACY CASCADE");
        }
    }

    @Test
    void aStrayStatementAfterARoutedWriteThatNothingFollowsIsForeign() {
        try (Garage garage = filled(Garage.open())) {
            garage.changeover.stages().moveTogether(List.of("owners"), Stage.DUAL_WRITE, "test", "owners alone");
            garage.inTransaction(() -> {
                garage.cars.run("write", 1L, port -> port.run("INSERT INTO {s}.car VALUES (1, 1, 'p')"));
                garage.stray("UPDATE old.owner SET name = 'stray' WHERE id = 2");
                return true;
            });
            assertThat(garage.marks()).containsExactly("owners 2 LEGACY FOREIGN");
        }
    }

    @Test
    void whereNothingFollowsAConflictIsRefusedSinceNobodyWouldUndoIt() {
        try (Garage garage = filled(Garage.open(Strangers.MARK)).to(Stage.NEW_ONLY)) {
            assertThatThrownBy(() -> garage.psql("UPDATE old.owner SET name = 'x'"))
                    .hasStackTraceContaining("led by new");
            assertThat(garage.marks()).isEmpty();
        }
    }

    @Test
    void foreignChangesAreFoldedNowAndThen() {
        try (Garage garage = garage()) {
            for (int i = 0; i < 520; i++) {
                garage.psql(
                        "INSERT INTO changeover.foreign_change VALUES (1, 'LEGACY', 'FOREIGN', 'w', 'a', 1, now(), now())");
            }
            garage.changeover.drain().resume();
            Awaitility.await("they are folded")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> garage.database.queryLong("SELECT count(*) FROM changeover.foreign_change") < 500);
        }
    }

    // ---- second batch

    @Test
    void whatAStrangerWroteOnNewBeforeDualWriteIsNotTakenForBackfilled() {
        try (Garage garage = filled(Garage.open())) {
            garage.psql("INSERT INTO fresh.owner VALUES (1, 'wrong'), (77, 'ghost')");
            Throwable refused = catchThrowable(() -> garage.to(Stage.NEW_PRIMARY));
            assertThat(refused != null || garage.differences().isEmpty()).isTrue();
        }
    }

    @Test
    void aSavepointInsideThePortThatTheCallerRollsBackToLeavesNoOpenInterval() {
        try (Garage garage = garage()) {
            garage.inTransaction(() -> {
                Connection connection = garage.transactions.current().connection();
                java.sql.Savepoint[] inner = new java.sql.Savepoint[1];
                catchThrowable(() -> garage.owners.run("write", 1L, port -> {
                    port.run("UPDATE {s}.owner SET name = 'x' WHERE id = 1");
                    try {
                        inner[0] = connection.setSavepoint();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                    port.run("UPDATE nonsense SET a = 1");
                }));
                connection.rollback(inner[0]);
                garage.stray("UPDATE old.owner SET name = 'stray' WHERE id = 2");
                return true;
            });
            garage.drain();
            assertThat(garage.differences()).isEmpty();
        }
    }

    @Test
    void whoSwitchesAllTriggersOffAndOnIsToldThatTheyAreNotWhatTheyWere() {
        try (Garage garage = garage()) {
            garage.psql("ALTER TABLE old.owner DISABLE TRIGGER ALL; ALTER TABLE old.owner ENABLE TRIGGER ALL");
            assertThat(garage.database.queryString("SELECT asleep::text FROM changeover.status WHERE name = 'owners'"))
                    .contains("owner");
            assertThatThrownBy(() -> garage.to(Stage.SHADOW)).hasMessageContaining("switched off");
            garage.changeover.sentinels().install("owners", Strangers.REFUSE, "test", "again");
            garage.to(Stage.SHADOW);
        }
    }

    @Test
    void installingOnceMoreDoesNotWaitForReaders() {
        try (Garage garage = filled(Garage.open())) {
            garage.stranger("pg_dump").run("SELECT count(*) FROM old.owner");
            assertThatCode(() -> garage.changeover.sentinels().install("owners", Strangers.REFUSE, "test", "try"))
                    .doesNotThrowAnyException();
        }
    }

    // ---- fixture

    private static Garage garage() {
        Garage garage = filled(Garage.open()).to(Stage.DUAL_WRITE);
        garage.changeover.backfill("owners").run(progress -> {});
        garage.changeover.backfill("cars").run(progress -> {});
        return garage;
    }

    private static Garage filled(Garage garage) {
        garage.own(1, "INSERT INTO {s}.owner VALUES (1, 'a')");
        garage.own(1, "INSERT INTO {s}.phone VALUES (1, 1, '11')");
        garage.own(2, "INSERT INTO {s}.owner VALUES (2, 'b')");
        return garage;
    }
}
