package dev.changeover.legacyadapter.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gates can be overridden; what makes no sense, or takes the tables of others, is refused all the same. */
@PostgresTest
class RetirementStepsTest {

    private final PostgresDatabase database;
    private final Retirement retirement;

    RetirementStepsTest(PostgresDatabase database) {
        this.database = database;
        this.retirement = Retirement.of(database.dataSource(), "users").overridingGates();
    }

    @BeforeEach
    void tables() {
        database.execute(ControlSchema.ddl());
        database.execute(
                "CREATE SCHEMA shop; CREATE TABLE shop.users (id integer); CREATE TABLE shop.rooms_old (id integer)");
        register("users", "shop.users");
    }

    @AfterEach
    void drop() {
        database.execute("DROP SCHEMA shop CASCADE; DROP SCHEMA changeover CASCADE");
    }

    private void register(String repository, String tables) {
        database.execute(
                "SELECT changeover.register('" + repository + "', '{}', false, false, '{}', '{}', '{save}', '{" + tables
                        + "}'); UPDATE changeover.repository SET stage = 'NEW_ONLY' WHERE name = '" + repository + "'");
    }

    @Test
    void whatIsRenamedIsNotRenamedAgain() {
        retirement.run(RetirementStep.RENAME, "ann", "why");
        assertThatThrownBy(() -> retirement.run(RetirementStep.RENAME, "bob", "why"))
                .isInstanceOf(MoveRefusedException.class)
                .hasMessageContaining("was renamed at");
        assertThat(retirement.tables()).containsExactly("\"shop\".\"users_old\"");
        retirement.run(RetirementStep.BACK, "ann", "why");
    }

    @Test
    void aTableThatWasAlwaysCalledOldKeepsItsName() {
        register("rooms", "shop.rooms_old");
        Retirement rooms = Retirement.of(database.dataSource(), "rooms");
        assertThatThrownBy(() -> rooms.run(RetirementStep.BACK, "ann", "why")).hasMessageContaining("was not renamed");
        assertThat(rooms.tables()).containsExactly("shop.rooms_old");
    }

    @Test
    void tablesOfARepositoryThatIsStillOnThemAreNotDropped() {
        register("logins", "SHOP.users");
        database.execute("UPDATE changeover.repository SET stage = 'RAMP' WHERE name = 'logins'");
        assertThat(retirement.gates(RetirementStep.DROP).missing()).contains("logins, which is in RAMP");
        assertThatThrownBy(() -> retirement.run(RetirementStep.DROP, "ann", "why"))
                .isInstanceOfSatisfying(
                        MoveRefusedException.class,
                        refused -> assertThat(refused.wouldLoseData()).isTrue())
                .hasMessageContaining("logins, which is in RAMP");
        assertThat(database.queryLong("SELECT count(*) FROM shop.users")).isZero();

        database.execute("UPDATE changeover.repository SET stage = 'NEW_ONLY'");
        retirement.run(RetirementStep.DROP, "ann", "why");
        Retirement.of(database.dataSource(), "logins")
                .overridingGates()
                .run(RetirementStep.DROP, "ann", "gone with users");
        assertThat(database.queryLong("SELECT count(*) FROM changeover.repository WHERE retired = 'DROPPED'"))
                .isEqualTo(2);
    }

    @Test
    void aReasonIsNoSqlWhateverABackslashMeans() {
        String reason = "\\', $$bob$$); DROP TABLE shop.rooms_old; --";
        database.execute("ALTER DATABASE \"" + database.name() + "\" SET standard_conforming_strings = off");
        retirement.run(RetirementStep.RENAME, "ann", reason);
        assertThat(database.queryString("SELECT to_regclass('shop.rooms_old')::text"))
                .isNotNull();
        assertThat(database.queryString("SELECT actor || reason FROM changeover.history"))
                .isEqualTo("ann" + reason);
    }

    @Test
    void aBackupThatWasBegunWhileLegacyWasWrittenIsNone() {
        database.execute("INSERT INTO changeover.history (repository, action, before, after, actor, reason, at) VALUES"
                + " ('users', 'MOVE', 'NEW_PRIMARY', 'NEW_ONLY', 'ann', 'why', now() - interval '1 hour')");
        for (String hours : List.of("2", "0")) {
            database.execute("SELECT changeover.backed_up('users', '/backup', 'why', 'ann',"
                    + " jsonb_build_object('startedAt', now() - interval '" + hours + " hours'))");
            assertThat(retirement.gates(RetirementStep.DROP).missing().contains("/backup"))
                    .as("begun %s hours ago, an hour before legacy was left or an hour after it", hours)
                    .isEqualTo(hours.equals("2"));
        }
    }

    @Test
    void whoUsesAPartitionUsesItsTable() {
        database.execute("CREATE TABLE shop.parted (id integer) PARTITION BY LIST (id);"
                + " CREATE TABLE shop.part PARTITION OF shop.parted DEFAULT");
        register("parted", "shop.parted");
        database.execute("INSERT INTO shop.parted VALUES (1)");
        Awaitility.await("the row is counted")
                .until(() ->
                        database.queryLong("SELECT n_tup_ins FROM pg_stat_all_tables WHERE relname = 'part'") == 1);
        assertThat(database.queryLong("SELECT (changeover.legacy_statistics() -> 'shop.parted'::regclass::oid::text"
                        + " ->> 'writes')::bigint"))
                .isEqualTo(1);
    }
}
