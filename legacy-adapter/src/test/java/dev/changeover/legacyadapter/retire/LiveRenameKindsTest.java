package dev.changeover.legacyadapter.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Every kind of table is either renamed so that an old build's statements go on, or refused before anything is done. */
@PostgresTest
class LiveRenameKindsTest {

    private final PostgresDatabase database;
    private final LiveRename rename;

    LiveRenameKindsTest(PostgresDatabase database) {
        this.database = database;
        this.rename = LiveRename.of(database.dataSource());
    }

    @BeforeEach
    void schema() {
        database.execute(
                "CREATE SCHEMA shop; CREATE TABLE shop.users (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " email text CONSTRAINT unique_email UNIQUE, changes integer NOT NULL DEFAULT 0)");
    }

    @AfterEach
    void drop() {
        database.execute("DROP SCHEMA shop CASCADE");
    }

    private void users() {
        rename.run(List.of("shop.users"), true);
    }

    private void refused(String table, String why) {
        for (boolean withView : new boolean[] {true, false}) {
            assertThatThrownBy(() -> rename.run(List.of(table), withView))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(table.substring(table.indexOf('.') + 1))
                    .hasMessageContaining(why)
                    .hasMessageContaining("first");
        }
        assertThat(database.queryString("SELECT to_regclass('" + table + "_old')::text"))
                .isNull();
    }

    @Test
    void numbersOfAnIdentityAreDrawnAndOverridden() throws Exception {
        users();
        try (Connection connection = database.connection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO shop.users (email) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, "a");
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                assertThat(keys.getLong("id")).isEqualTo(1);
            }
        }
        database.execute("INSERT INTO shop.users (email) VALUES ('b')");
        assertThat(database.queryLong("INSERT INTO shop.users (id, email) VALUES (DEFAULT, 'c') RETURNING id"))
                .isEqualTo(3);
        assertThat(database.queryLong("INSERT INTO shop.users (id, email) OVERRIDING SYSTEM VALUE VALUES (100, 'd')"
                        + " RETURNING id"))
                .isEqualTo(100);
        assertThat(database.queryLong(
                        "INSERT INTO shop.users (id, email) OVERRIDING USER VALUE VALUES (200, 'e')" + " RETURNING id"))
                .isEqualTo(4);
        assertThatThrownBy(() -> database.execute("INSERT INTO shop.users (id, email) VALUES (9, 'f')"))
                .as("as the table answered")
                .hasStackTraceContaining("OVERRIDING SYSTEM VALUE");
        rename.back(List.of("shop.users_old"));
        assertThat(database.queryLong("INSERT INTO shop.users (email) VALUES ('g') RETURNING id"))
                .isEqualTo(5);
    }

    @Test
    void aPartitionedTableIsWrittenThroughTheView() throws Exception {
        database.execute(
                "CREATE TABLE shop.calls (id integer, at date, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"
                        + " CREATE TABLE shop.calls_2025 PARTITION OF shop.calls FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');"
                        + " CREATE TABLE shop.calls_2026 PARTITION OF shop.calls FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')");
        refused("shop.calls_2025", "partition");
        rename.run(List.of("shop.calls"), true);

        database.execute("INSERT INTO shop.calls VALUES (1, '2025-05-05', 'a')");
        assertThat(database.queryString("UPDATE shop.calls SET at = '2026-05-05' WHERE id = 1 RETURNING at::text"))
                .isEqualTo("2026-05-05");
        assertThat(database.queryLong("SELECT count(*) FROM shop.calls_2026")).isEqualTo(1);
        assertThat(database.queryString("INSERT INTO shop.calls VALUES (1, '2026-05-05', 'b')"
                        + " ON CONFLICT (id, at) DO UPDATE SET what = excluded.what RETURNING what"))
                .isEqualTo("b");
        assertThat(database.queryStrings("SELECT what FROM shop.calls WHERE id = 1 FOR UPDATE SKIP LOCKED"))
                .containsExactly("b");
        assertThatThrownBy(() -> database.execute("INSERT INTO shop.calls VALUES (2, '2030-01-01', 'x')"))
                .hasStackTraceContaining("no partition");
        assertThat(database.queryLong("DELETE FROM shop.calls RETURNING id")).isEqualTo(1);
        rename.back(List.of("shop.calls_old"));
    }

    @Test
    void whatFindsATableByItsNameOrByInheritanceIsRefused() {
        database.execute(
                "CREATE TABLE shop.parents (id integer); CREATE TABLE shop.children () INHERITS (shop.parents)");
        refused("shop.children", "inherits");
        refused("shop.parents", "inherit from it");

        String own = database.name();
        for (String what : List.of("TABLE shop.users", "ALL TABLES")) {
            database.execute("CREATE PUBLICATION p_" + own + " FOR " + what);
            refused("shop.users", "published");
            database.execute("DROP PUBLICATION p_" + own);
        }
        database.execute("CREATE SUBSCRIPTION s_" + own + " CONNECTION 'dbname=none' PUBLICATION none"
                + " WITH (connect = false, slot_name = NONE)");
        database.execute("INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate)"
                + " SELECT oid, 'shop.users'::regclass, 'r' FROM pg_subscription WHERE subname = 's_" + own + "'");
        try {
            refused("shop.users", "subscription");
        } finally {
            database.execute("DROP SUBSCRIPTION s_" + own);
        }
        users();
    }

    @Test
    void foreignKeysAndTheirActionsFollowTheTable() {
        database.execute("CREATE TABLE shop.orders (user_id integer REFERENCES shop.users ON DELETE CASCADE);"
                + " CREATE TABLE shop.notes (user_id integer REFERENCES shop.users ON DELETE SET NULL);"
                + " CREATE TABLE shop.bills (user_id integer REFERENCES shop.users DEFERRABLE INITIALLY DEFERRED)");
        users();
        database.execute("INSERT INTO shop.users (email) VALUES ('a'); INSERT INTO shop.orders VALUES (1);"
                + " INSERT INTO shop.notes VALUES (1)");
        assertThatThrownBy(() -> database.execute("INSERT INTO shop.orders VALUES (77)"))
                .hasStackTraceContaining("orders_user_id_fkey");
        database.execute(
                "BEGIN; INSERT INTO shop.bills VALUES (2); INSERT INTO shop.users (email) VALUES ('b'); COMMIT");
        database.execute("DELETE FROM shop.users WHERE id = 1");
        assertThat(database.queryLong("SELECT count(*) FROM shop.orders")).isZero();
        assertThat(database.queryLong("SELECT count(*) FROM shop.notes WHERE user_id IS NULL"))
                .isEqualTo(1);
    }

    @Test
    void everyKindOfTriggerFires() {
        database.execute(
                "CREATE TABLE shop.seen (what text); CREATE FUNCTION shop.row() RETURNS trigger LANGUAGE plpgsql AS $$"
                        + " BEGIN NEW.changes := NEW.changes + 1; RETURN NEW; END $$;"
                        + " CREATE FUNCTION shop.statement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO shop.seen SELECT 'statement ' || email FROM changed; RETURN NULL; END $$;"
                        + " CREATE FUNCTION shop.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO shop.seen VALUES ('late ' || NEW.email); RETURN NULL; END $$;"
                        + " CREATE TRIGGER row BEFORE INSERT OR UPDATE ON shop.users FOR EACH ROW EXECUTE FUNCTION shop.row();"
                        + " CREATE TRIGGER statement AFTER UPDATE ON shop.users REFERENCING NEW TABLE AS changed"
                        + " FOR EACH STATEMENT EXECUTE FUNCTION shop.statement();"
                        + " CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON shop.users DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE FUNCTION shop.late()");
        users();
        assertThat(database.queryLong("INSERT INTO shop.users (email) VALUES ('a') RETURNING changes"))
                .isEqualTo(1);
        assertThat(database.queryLong("UPDATE shop.users SET email = 'b' RETURNING changes"))
                .isEqualTo(2);
        assertThat(database.queryStrings("SELECT what FROM shop.seen ORDER BY what"))
                .containsExactly("late b", "statement b");
    }

    @Test
    void viewsOnTheTableGoOnAndAreWritten() {
        database.execute(
                "INSERT INTO shop.users (email) VALUES ('a'); CREATE VIEW shop.emails AS SELECT id, email FROM shop.users"
                        + " WHERE changes = 0 WITH CHECK OPTION; CREATE VIEW shop.upper AS SELECT upper(email) AS e FROM shop.emails;"
                        + " CREATE MATERIALIZED VIEW shop.counted AS SELECT id, email, count(*) FROM shop.users GROUP BY id");
        users();
        database.execute("UPDATE shop.emails SET email = 'b'; REFRESH MATERIALIZED VIEW shop.counted");
        assertThat(database.queryString("SELECT e FROM shop.upper")).isEqualTo("B");
        assertThat(database.queryString("SELECT email FROM shop.counted")).isEqualTo("b");
        rename.back(List.of("shop.users_old"));
        assertThat(database.queryString("SELECT e FROM shop.upper")).isEqualTo("B");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUNCATE shop.users",
                "COPY shop.users TO STDOUT",
                "INSERT INTO shop.users (email) VALUES ('a') ON CONFLICT ON CONSTRAINT unique_email DO NOTHING",
                "SELECT id, email, count(*) FROM shop.users GROUP BY id",
                "SELECT * FROM shop.users TABLESAMPLE SYSTEM (50)",
                "UPDATE shop.users SET id = DEFAULT",
                "SELECT xmin FROM shop.users",
                "SELECT ctid FROM shop.users",
                "ALTER TABLE shop.users ADD COLUMN more integer",
                "CREATE INDEX ON shop.users (changes)",
                "CREATE TABLE shop.more (user_id integer REFERENCES shop.users)"
            })
    void whatAViewCannotDoIsAnErrorAndChangesNothing(String sql) throws Exception {
        database.execute("INSERT INTO shop.users (email) VALUES ('a')");
        users();
        assertThatThrownBy(() -> database.execute(sql)).isInstanceOf(IllegalStateException.class);
        assertThat(database.queryString("SELECT u::text FROM shop.users u")).isEqualTo("(1,a,0)");
    }

    @Test
    void rowsAreCopiedOutByAQueryAndInByTheNewName() throws Exception {
        users();
        try (Connection connection = database.connection()) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            assertThatThrownBy(() -> copy.copyIn("COPY shop.users (email) FROM STDIN", new StringReader("a\n")))
                    .hasMessageContaining("cannot copy to view");
            copy.copyIn("COPY shop.users_old (email) FROM STDIN", new StringReader("a\n"));
            assertThat(copy.copyOut("COPY (SELECT * FROM shop.users) TO STDOUT", new java.io.StringWriter()))
                    .isEqualTo(1);
        }
    }
}
