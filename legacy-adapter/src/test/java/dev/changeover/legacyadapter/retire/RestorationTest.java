package dev.changeover.legacyadapter.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore says what it would lose, and loses only what it was told to. */
@PostgresTest
class RestorationTest {

    private static final List<String> TABLES = List.of("shop.users", "shop.orders");
    private static final String ALL = "SELECT md5((SELECT string_agg(u::text, ',' ORDER BY id) FROM shop.users u)"
            + " || (SELECT string_agg(o::text, ',' ORDER BY id) FROM shop.orders o))";

    @TempDir
    Path directory;

    private final PostgresDatabase database;

    RestorationTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void tables() {
        database.execute(ControlSchema.ddl());
        database.execute("""
                CREATE SCHEMA shop;
                CREATE TABLE shop.users (
                    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE, doc json, at timestamptz,
                    size integer GENERATED ALWAYS AS (length(email)) STORED NOT NULL);
                CREATE TABLE shop.orders (
                    id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES shop.users ON DELETE CASCADE);
                CREATE FUNCTION shop.stamped() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN NEW.at := now(); RETURN NEW; END $$;
                CREATE TRIGGER stamped BEFORE INSERT OR UPDATE ON shop.users FOR EACH ROW EXECUTE FUNCTION shop.stamped();
                CREATE TRIGGER sleeps BEFORE INSERT ON shop.users FOR EACH ROW EXECUTE FUNCTION shop.stamped();
                ALTER TABLE shop.users DISABLE TRIGGER sleeps, ENABLE ALWAYS TRIGGER stamped;
                CREATE VIEW shop.emails AS SELECT email FROM shop.users;
                INSERT INTO shop.users (email, doc) SELECT 'u' || i, '{"a":  1}' FROM generate_series(1, 20) i;
                INSERT INTO shop.orders (user_id) SELECT id FROM shop.users WHERE id % 2 = 0;
                SELECT changeover.register('users', '{}', false, false, '{}', '{}', '{save}', '{shop.users,shop.orders}')""");
        LegacyBackup.of(database.dataSource()).write("users", TABLES, target());
    }

    @AfterEach
    void drop() {
        database.execute("DROP SCHEMA shop CASCADE; DROP SCHEMA IF EXISTS changeover CASCADE");
    }

    private Path target() {
        return directory.resolve("backup");
    }

    private Restoration restoration() {
        return Restoration.of(database.dataSource(), "users", target());
    }

    private void stage(String stage, String retired) {
        database.execute("UPDATE changeover.repository SET stage = '" + stage + "', retired = " + retired
                + (retired.equals("'DROPPED'") ? ", legacy_tables = '{}'" : ""));
    }

    private static MoveRefusedException refused(Restoration restoration) {
        return (MoveRefusedException) assertThatThrownBy(() -> restoration.run("ann", "we go back"))
                .isInstanceOf(MoveRefusedException.class)
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .actual();
    }

    @Test
    void droppedTablesComeBackOnlyForWhoKnowsThatNewHasGoneOn() {
        String before = database.queryString(ALL);
        stage("NEW_ONLY", "'DROPPED'");
        database.execute("DROP TABLE shop.users, shop.orders CASCADE;"
                + " INSERT INTO changeover.call (repository, operation, side, at, calls, failures, nanos, buckets) VALUES"
                + " ('users', 'save', 'NEW', now() + interval '1 hour', 7, 0, 1, '{7}'),"
                + " ('users', 'find', 'NEW', now() + interval '1 hour', 99, 0, 1, '{99}'),"
                + " ('users', 'save', 'NEW', now() - interval '1 hour', 5, 0, 1, '{5}')");

        RestorationPlan plan = restoration().plan();
        assertThat(plan.laterWrites()).isEqualTo(7);
        assertThat(plan.refusals()).singleElement().asString().contains("7 writes as far as measured");
        assertThat(plan.tables())
                .containsExactly(
                        new RestoredTable("\"shop\".\"users\"", false, 20, 0, 20),
                        new RestoredTable("\"shop\".\"orders\"", false, 10, 0, 10));
        assertThat(plan.script())
                .contains("CREATE TABLE shop.users", "-- COPY \"shop\".\"users\"", "20 rows", "ADD CONSTRAINT");
        MoveRefusedException refused = refused(restoration());
        assertThat(refused.wouldLoseData()).isTrue();
        assertThat(database.queryString("SELECT to_regclass('shop.users')::text"))
                .isNull();
        assertThat(database.queryLong("SELECT count(*) FROM changeover.history"))
                .isZero();

        restoration().withoutLaterWrites().run("ann", "we go back");
        assertThat(database.queryString(ALL)).isEqualTo(before);
        assertThat(database.queryString(
                        "SELECT concat_ws(' ', retired, stale, legacy_tables) FROM changeover.repository"))
                .isEqualTo("LEGACY {\"\\\"shop\\\".\\\"users\\\"\",\"\\\"shop\\\".\\\"orders\\\"\"}");
        assertThat(database.queryString("SELECT concat_ws(' ', action, before, actor, reason) FROM changeover.history"))
                .isEqualTo("RESTORE DROPPED ann we go back");
    }

    @Test
    void rowsThatAreThereAreOverwrittenOnlyByTheirNumber() {
        String before = database.queryString(ALL);
        String shape =
                database.queryString("SELECT string_agg(tgname || tgenabled::text, ',' ORDER BY tgname) FROM pg_trigger"
                        + " WHERE tgrelid = 'shop.users'::regclass AND NOT tgisinternal");
        database.execute(
                "INSERT INTO shop.users (email) VALUES ('later'); UPDATE shop.users SET email = 'x' WHERE id = 3;"
                        + " DELETE FROM shop.users WHERE id = 2");

        RestorationPlan plan = restoration().plan();
        assertThat(plan.tables())
                .containsExactly(
                        new RestoredTable("\"shop\".\"users\"", true, 20, 2, 2),
                        new RestoredTable("\"shop\".\"orders\"", true, 10, 0, 1));
        assertThat(plan.script()).contains("DISABLE TRIGGER USER", "TRUNCATE TABLE", "ENABLE ALWAYS TRIGGER stamped");
        assertThat(refused(restoration()))
                .hasMessageContaining("2 rows that are there")
                .hasMessageContaining("Give up 2");
        refused(restoration().overwriting(3));
        assertThat(database.queryLong("SELECT count(*) FROM shop.users")).isEqualTo(20);

        assertThat(restoration().overwriting(2).run("ann", "a bad script").lost())
                .isEqualTo(2);
        assertThat(database.queryString(ALL))
                .as("triggers did not touch the rows")
                .isEqualTo(before);
        assertThat(database.queryString(
                        "SELECT string_agg(tgname || tgenabled::text, ',' ORDER BY tgname) FROM pg_trigger"
                                + " WHERE tgrelid = 'shop.users'::regclass AND NOT tgisinternal"))
                .isEqualTo(shape);
        assertThat(database.queryLong("SELECT count(*) FROM shop.emails")).isEqualTo(20);
        assertThat(restoration().plan().refusals()).isEmpty();
    }

    @Test
    void whatIsInAColumnThatCameLaterIsLostOnlyByItsNumber() {
        database.execute("ALTER TABLE shop.users ADD COLUMN phone text;"
                + " UPDATE shop.users SET phone = '555', at = at WHERE id = 3");
        database.execute("ALTER TABLE shop.users DISABLE TRIGGER USER; UPDATE shop.users u SET at = o.at"
                + " FROM shop.users o WHERE u.id = 3 AND o.id = 4; ALTER TABLE shop.users ENABLE TRIGGER USER");
        assertThat(restoration().plan().lost()).isEqualTo(1);
        assertThat(refused(restoration()).wouldLoseData()).isTrue();
        assertThat(database.queryString("SELECT phone FROM shop.users WHERE id = 3"))
                .isEqualTo("555");
        restoration().overwriting(1).run("ann", "a bad script");
        assertThat(restoration().plan().lost()).isZero();
    }

    @Test
    void tablesThatInheritAreNotEmptiedWithTheirParent() {
        database.execute("CREATE TABLE shop.guests (badge text) INHERITS (shop.users);"
                + " INSERT INTO shop.guests (id, email, badge) VALUES (99, 'g', 'red')");
        assertThatThrownBy(() -> restoration().overwriting(1).run("ann", "why")).hasMessageContaining("inherit");
        assertThat(database.queryString("SELECT badge FROM shop.guests")).isEqualTo("red");
    }

    @Test
    void aConstraintThatCameLaterIsNamedAndTheBackupNotBlamed() {
        database.execute("ALTER TABLE shop.users ADD CONSTRAINT few CHECK (id < 5) NOT VALID");
        assertThatThrownBy(() -> restoration().run("ann", "why"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("few")
                .hasMessageNotContaining("damaged");
    }

    @Test
    void whileBothSidesAreWrittenAStepBackIsBetter() {
        for (String stage : List.of("DUAL_WRITE", "SHADOW", "RAMP", "NEW_PRIMARY")) {
            stage(stage, "NULL");
            assertThat(restoration().plan().refusals())
                    .singleElement()
                    .asString()
                    .contains("step back");
            assertThat(refused(restoration()).code()).isEqualTo("CO025");
        }
    }

    @Test
    void tablesThatHaveAnotherNameNowAreNotMadeASecondTime() {
        database.execute("ALTER TABLE shop.users RENAME TO users_old; ALTER TABLE shop.orders RENAME TO orders_old;"
                + " UPDATE changeover.repository SET stage = 'NEW_ONLY', retired = 'RENAMED',"
                + " legacy_tables = '{shop.users_old,shop.orders_old}'");
        Restoration given = restoration().withoutLaterWrites();

        assertThat(given.plan().refusals()).singleElement().asString().contains("shop.users_old, shop.orders_old");
        assertThat(refused(given)).hasMessageContaining("under other names than in the backup: shop.users_old");
        assertThat(database.queryString("SELECT to_regclass('shop.users')::text"))
                .isNull();
    }

    @Test
    void aBackupThatWasTakenAfterTheRenameBringsTheNewNamesBack() {
        LiveRename.of(database.dataSource()).run(TABLES, true);
        assertThatThrownBy(() -> restoration().plan())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--step back");
        stage("NEW_ONLY", "'VIEW'");
        Path renamed = directory.resolve("renamed");
        LegacyBackup.of(database.dataSource()).write("users", List.of("shop.users_old", "shop.orders_old"), renamed);
        database.execute("DROP TABLE shop.users_old, shop.orders_old CASCADE");
        stage("NEW_ONLY", "'DROPPED'");
        Restoration.of(database.dataSource(), "users", renamed)
                .withoutLaterWrites()
                .run("ann", "missed");
        assertThat(database.queryString("SELECT retired FROM changeover.repository"))
                .isEqualTo("RENAMED");
        Retirement.of(database.dataSource(), "users").run(RetirementStep.BACK, "ann", "the old names");
        assertThat(database.queryLong("SELECT count(*) FROM shop.users")).isEqualTo(20);
    }

    @Test
    void withoutAControlSchemaTheTablesComeBackAllTheSame() {
        database.execute("DROP TABLE shop.users, shop.orders CASCADE; DROP SCHEMA changeover CASCADE");
        assertThat(restoration().plan().refusals()).singleElement().asString().contains("nobody knows who does");
        restoration().withoutLaterWrites().run("ann", "after all");
        assertThat(database.queryLong("SELECT count(*) FROM shop.users")).isEqualTo(20);
    }

    @Test
    void whatIsInTheWayIsNamed() {
        assertThatThrownBy(() ->
                        Restoration.of(database.dataSource(), "rooms", target()).plan())
                .hasMessageContaining("a backup of users, not of rooms");
        database.execute("CREATE TABLE shop.notes (user_id integer REFERENCES shop.users);"
                + " INSERT INTO shop.users (email) VALUES ('later')");
        assertThatThrownBy(() -> restoration().overwriting(1).run("ann", "why")).hasStackTraceContaining("notes");
        assertThat(database.queryLong("SELECT count(*) FROM shop.users")).isEqualTo(21);
        database.execute("DROP TABLE shop.orders");
        assertThatThrownBy(() -> restoration().plan())
                .hasMessageContaining("only these tables of the backup are there");
    }
}
