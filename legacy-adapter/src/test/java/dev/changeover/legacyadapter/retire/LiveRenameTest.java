package dev.changeover.legacyadapter.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code users} becomes {@code users_old} behind a view, while an old build goes on. */
@PostgresTest
class LiveRenameTest {

    private static final List<String> USERS = List.of("shop.users");
    private static final List<String> RENAMED = List.of("shop.users_old");

    private final PostgresDatabase database;
    private final LiveRename rename;
    private final String role;

    LiveRenameTest(PostgresDatabase database) {
        this.database = database;
        this.rename = LiveRename.of(database.dataSource());
        this.role = "clerk_" + database.name();
    }

    @BeforeEach
    void tables() {
        database.execute("""
                CREATE ROLE {role};
                CREATE SCHEMA shop;
                CREATE TABLE shop.users (
                    id bigserial PRIMARY KEY, email text NOT NULL, gone integer, active boolean NOT NULL DEFAULT true,
                    "Odd name" text DEFAULT E'it''s \\\\ odd', size integer GENERATED ALWAYS AS (length(email)) STORED,
                    at timestamptz NOT NULL DEFAULT now());
                ALTER TABLE shop.users DROP COLUMN gone;
                CREATE UNIQUE INDEX ON shop.users (email) WHERE email LIKE 'unique%';
                CREATE TABLE shop.orders (
                    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL REFERENCES shop.users);
                CREATE TABLE shop.seen (what text);
                CREATE FUNCTION shop.seen() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN INSERT INTO shop.seen VALUES (TG_OP || ' of ' || TG_TABLE_NAME); RETURN NULL; END $$;
                CREATE TRIGGER seen AFTER DELETE ON shop.users FOR EACH ROW EXECUTE FUNCTION shop.seen();
                CREATE VIEW shop.active AS SELECT id FROM shop.users WHERE active;
                GRANT USAGE ON SCHEMA shop TO {role};
                GRANT SELECT, INSERT ON shop.users TO {role};
                GRANT UPDATE (active) ON shop.users TO {role};
                GRANT USAGE ON SEQUENCE shop.users_id_seq TO {role}""".replace("{role}", role));
    }

    @AfterEach
    void drop() {
        database.execute("DROP SCHEMA shop CASCADE; DROP OWNED BY " + role + "; DROP ROLE " + role);
    }

    @Test
    void anOldBuildSeesNoErrorWhileTablesAreRenamedAndBack() throws Exception {
        try (Blue one = new Blue(database, 1);
                Blue other = new Blue(database, 2)) {
            for (int i = 0; i < 10; i++) {
                goesOn(one, other);
                rename.run(List.of("shop.users", "shop.orders"), true);
                goesOn(one, other);
                rename.back(List.of("shop.users_old", "shop.orders_old"));
            }
            one.stop();
            other.stop();
            assertThat(one.errors).isEmpty();
            assertThat(other.errors).isEmpty();
            assertThat(database.queryLong("SELECT count(*) FROM shop.users u JOIN shop.orders o ON o.user_id = u.id"))
                    .isEqualTo(one.written.get() + other.written.get());
            assertThat(one.waits)
                    .as("no caller waits for more than some rounds")
                    .allMatch(millis -> millis < 2_000);
        }
    }

    private static void goesOn(Blue... blues) {
        for (Blue blue : blues) {
            long until = blue.rounds.get() + 3;
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> blue.rounds.get() > until);
        }
    }

    @Test
    void everythingThatAViewCanDoWorksAsBefore() {
        rename.run(USERS, true);

        assertThat(database.queryString(
                        "INSERT INTO shop.users (email) VALUES ('a') RETURNING id || \"Odd name\" || size"))
                .isEqualTo("1it's \\ odd1");
        database.execute("INSERT INTO shop.users (id, email, at) VALUES (DEFAULT, 'unique b', DEFAULT)");
        database.execute(
                "INSERT INTO shop.users (email) VALUES ('unique b') ON CONFLICT (email) WHERE email LIKE 'unique%'"
                        + " DO UPDATE SET active = false");
        database.execute("INSERT INTO shop.users (id, email) VALUES (1, 'x') ON CONFLICT (id) DO NOTHING");
        assertThat(database.queryStrings("UPDATE shop.users SET email = 'c' WHERE id = 1 RETURNING email"))
                .containsExactly("c");
        database.execute("INSERT INTO shop.orders (user_id) VALUES (1)");
        assertThatThrownBy(() -> database.execute("DELETE FROM shop.users WHERE id = 1"))
                .hasStackTraceContaining("orders_user_id_fkey");
        assertThat(database.queryStrings("DELETE FROM shop.users WHERE NOT active RETURNING id"))
                .hasSize(1);
        assertThat(database.queryStrings("SELECT what FROM shop.seen")).containsExactly("DELETE of users_old");
        assertThat(database.queryString("SELECT string_agg(id::text, ',') FROM shop.active"))
                .isEqualTo("1");
        assertThat(database.queryString("SELECT column_default FROM information_schema.columns"
                        + " WHERE table_schema = 'shop' AND table_name = 'users' AND column_name = 'active'"))
                .isEqualTo("true");
        assertThat(database.queryString("SELECT pg_get_serial_sequence('shop.users_old', 'id')"))
                .isEqualTo("shop.users_id_seq");
    }

    @Test
    void rightsAreThoseOfTheTable() {
        database.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT ALL ON TABLES TO " + role);
        database.execute("INSERT INTO shop.users (email) VALUES ('a')");
        rename.run(USERS, true);

        String as = "SET ROLE " + role + "; ";
        database.execute(as + "INSERT INTO shop.users (email) VALUES ('b')");
        database.execute(as + "UPDATE shop.users SET active = false");
        assertThatThrownBy(() -> database.execute(as + "UPDATE shop.users SET email = 'x'"))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> database.execute(as + "DELETE FROM shop.users"))
                .hasStackTraceContaining("permission denied");
        assertThat(database.queryString("SELECT string_agg(privilege_type, ',' ORDER BY 1) FROM"
                        + " information_schema.role_table_grants WHERE table_name = 'users' AND grantee = '" + role
                        + "'"))
                .isEqualTo("INSERT,SELECT");
        database.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE ALL ON TABLES FROM " + role);
    }

    @Test
    void rowSecurityHoldsOnTheView() {
        database.execute("ALTER TABLE shop.users ENABLE ROW LEVEL SECURITY;"
                + " CREATE POLICY own ON shop.users USING (email = 'mine')");
        database.execute("INSERT INTO shop.users (email) VALUES ('mine'), ('theirs')");
        if (database.queryLong("SELECT current_setting('server_version_num')") < 150_000) {
            assertThatThrownBy(() -> rename.run(USERS, true)).hasMessageContaining("row security");
            return;
        }
        rename.run(USERS, true);
        database.execute("SET ROLE " + role + "; CREATE TEMP TABLE shown AS SELECT email FROM shop.users;"
                + " DO $$ BEGIN ASSERT (SELECT string_agg(email, ',') FROM shown) = 'mine'; END $$");
    }

    @Test
    void theScriptIsWhatRuns() {
        String script = rename.script(USERS, true);
        assertThat(database.queryString("SELECT relkind::text FROM pg_class WHERE oid = 'shop.users'::regclass"))
                .isEqualTo("r");
        assertThat(script)
                .contains("ALTER TABLE \"shop\".\"users\" RENAME TO \"users_old\"", "CREATE VIEW shop.users", "GRANT");
        database.execute(script);
        database.execute("INSERT INTO shop.users (email) VALUES ('a')");
        database.execute(rename.backScript(RENAMED));
        assertThat(database.queryLong("SELECT count(*) FROM shop.users")).isEqualTo(1);
    }

    @Test
    void withoutAViewTheNameIsGone() {
        rename.run(USERS, false);
        assertThatThrownBy(() -> database.execute("SELECT 1 FROM shop.users"))
                .hasStackTraceContaining("does not exist");
        rename.back(RENAMED);
        database.execute("SELECT 1 FROM shop.users");
    }

    @Test
    void whatFailsInTheMiddleLeavesEverythingAsItWas() {
        database.execute("CREATE TABLE shop.orders_old (id integer)");
        assertThatThrownBy(() -> rename.run(List.of("shop.users", "shop.orders"), true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("orders_old");
        database.execute("DROP TABLE shop.orders_old");
        rename.run(USERS, true);
        database.execute("CREATE VIEW shop.on_the_view AS SELECT id FROM shop.users");
        assertThatThrownBy(() -> rename.back(RENAMED)).hasStackTraceContaining("on_the_view");
        database.execute("INSERT INTO shop.users (email) VALUES ('a'); DROP VIEW shop.on_the_view");
        rename.back(RENAMED);
        assertThatThrownBy(() -> rename.back(USERS)).hasMessageContaining("was not renamed");
        assertThatThrownBy(() -> rename.run(List.of("shop.active"), true)).hasMessageContaining("no table");
        assertThatThrownBy(() -> rename.run(List.of("shop.nothing"), true)).hasMessageContaining("no such table");
    }

    @Test
    void anOpenTransactionIsNotWaitedForLongerThanTheRounds() throws Exception {
        LiveRename quick = rename.withRounds(new MoveRounds(Duration.ofMillis(20), 3, Duration.ofSeconds(1), 100));
        try (Connection open = database.connection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO shop.users (email) VALUES ('open')");
            assertThatThrownBy(() -> quick.run(USERS, true))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("changed nothing");
            open.commit();
        }
        quick.run(USERS, true);
    }
}
