package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.Changeover;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Stage;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.request.Requests;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.shadowcompare.report.TransitionReport;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What docs/dba.md promises, with a role that has nothing but what it says. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class DbaPageTest {

    private static final String OBJECTS = """
            SELECT 'table | ' || tablename FROM pg_tables WHERE schemaname = 'changeover'
            UNION ALL SELECT 'view | ' || viewname FROM pg_views WHERE schemaname = 'changeover'
            UNION ALL SELECT 'index | ' || i.indexname FROM pg_indexes i WHERE schemaname = 'changeover'
                AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)
            UNION ALL SELECT 'trigger | ' || c.relname || '.' || t.tgname
                FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                WHERE NOT t.tgisinternal AND c.relnamespace = 'changeover'::regnamespace
            UNION ALL SELECT CASE WHEN prosecdef THEN 'definer | ' ELSE 'function | ' END
                    || proname || '(' || oidvectortypes(proargtypes) || ')'
                FROM pg_proc WHERE pronamespace = 'changeover'::regnamespace""";

    private final PostgresDatabase database;
    private final String role = "app_" + UUID.randomUUID().toString().replace("-", "");

    DbaPageTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void createRoleAndSchema() {
        database.execute(ControlSchema.ddl());
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
        database.execute("GRANT USAGE ON SCHEMA old, fresh TO " + role);
        database.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON old.account, fresh.account TO " + role);
    }

    @AfterEach
    void dropRoleAndSchema() throws IOException {
        database.execute(block("drop"));
        database.execute("TRUNCATE old.account, fresh.account; DROP OWNED BY " + role + "; DROP ROLE " + role);
        assertThat(database.queryLong("SELECT count(*) FROM pg_namespace WHERE nspname = 'changeover'"))
                .isZero();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "..", "docs", "dba.md"));
    }

    private static String between(String name) throws IOException {
        String page = page();
        return page.substring(page.indexOf("<!-- " + name + " -->"), page.indexOf("<!-- /" + name + " -->"));
    }

    private static String block(String name) throws IOException {
        String part = between(name);
        return part.substring(part.indexOf("```sql\n") + 7, part.lastIndexOf("```"));
    }

    /** Sessions of the role, over a plain connection of its own each. */
    private HikariDataSource poolOfTheRole() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(role);
        source.setPassword("secret");
        return database.pool(source, 8);
    }

    private static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void thePageListsTheObjectsThatThereAre() throws IOException {
        Stream<String> listed = between("objects")
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| kind"))
                .map(line -> line.substring(2, line.indexOf(" | ", line.indexOf(" | ") + 1)));

        assertThat(listed).containsExactlyInAnyOrderElementsOf(database.queryStrings(OBJECTS));
    }

    @Test
    void thePageShowsTheStatementsThatTheLibraryPrints() throws IOException {
        assertThat(block("grants")).isEqualTo(ControlSchema.grants("app"));
        assertThat(block("drop")).isEqualTo(ControlSchema.drop());
        assertThat(ControlSchema.ddl()).contains("1128813414", "1128813415", "1128813416");
        assertThat(page()).contains("1128813414", "1128813415", "1128813416", "1128813417");
    }

    @Test
    void aRoleWithTheseGrantsGoesTheWholeWay() {
        database.execute(ControlSchema.grants(role));
        database.execute("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 600) i");
        try (Bank bank = Bank.open(poolOfTheRole(), Bank.Parts.DEFAULTS)) {
            bank.to(Stage.SHADOW);
            bank.accounts.save(new Account(1, "Ada", 5));
            TransactionSettings snapshot = new TransactionSettings(
                    TransactionSettings.Propagation.REQUIRED,
                    Connection.TRANSACTION_REPEATABLE_READ,
                    null,
                    false,
                    failure -> true);
            bank.inTransaction(snapshot, () -> bank.accounts.save(new Account(2, "Bea", 6)));
            assertThat(bank.events.marks).contains("ISOLATION");
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(20)))
                    .isTrue();

            bank.to(Stage.RAMP).percent(50);
            assertThat(bank.accounts.find(600)).isPresent();
            bank.changeover.stages().routeLists(Bank.NAME, List.of("1"), List.of(), "test", "the pilot");
            bank.to(Stage.NEW_PRIMARY);
            bank.accounts.add(1, 1);
            bank.to(Stage.RAMP).to(Stage.DUAL_WRITE);
            assertThat(bank.events.failures).isEmpty();
            assertThat(WalkTest.differences(database)).isZero();
        }
        assertThat(database.queryStrings("SELECT DISTINCT db_user FROM changeover.history"))
                .containsExactly(role);
    }

    @Test
    void aRoleWithTheseGrantsCannotAlterWhatWasRecorded() {
        database.execute(ControlSchema.grants(role));
        HikariDataSource pool = poolOfTheRole();
        for (String sql : List.of(
                "DELETE FROM changeover.history",
                "UPDATE changeover.history SET actor = 'nobody'",
                "INSERT INTO changeover.history (repository, action, actor, reason) VALUES ('a', 'b', 'c', 'd')",
                "TRUNCATE changeover.history",
                "ALTER TABLE changeover.history DISABLE TRIGGER ALL",
                "DROP TABLE changeover.history",
                "UPDATE changeover.repository SET stage = 'NEW_ONLY'",
                "UPDATE changeover.percentage SET percent = 100",
                "UPDATE changeover.mark SET key = 'x'",
                "UPDATE changeover.divergence SET state = 'FIXED'",
                "DELETE FROM changeover.divergence",
                "UPDATE changeover.divergence_shed SET count = 0",
                "INSERT INTO changeover.divergence_history (divergence, before, after, actor, reason, count)"
                        + " VALUES (1, 'NEW', 'FIXED', 'nobody', 'why not', 1)",
                "TRUNCATE changeover.mark",
                "CREATE TABLE changeover.mine ()")) {
            assertThatThrownBy(() -> execute(pool, sql))
                    .as(sql)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
        assertThatThrownBy(() -> database.execute("UPDATE changeover.history SET actor = 'nobody'"))
                .as("not even the owner")
                .hasRootCauseMessage("ERROR: changeover.history is append-only\n  Where: PL/pgSQL function"
                        + " changeover.refuse_change() line 3 at RAISE");
    }

    @Test
    void aMissingGrantIsNamedAtTheStartWithTheRemedy() {
        HikariDataSource pool = poolOfTheRole();
        startFails(pool, "lacks USAGE on the schema");

        database.execute(ControlSchema.grants(role));
        database.execute("REVOKE INSERT ON changeover.mark FROM " + role);
        database.execute("REVOKE EXECUTE ON FUNCTION changeover.enter(integer, text[]) FROM " + role);
        startFails(pool, "lacks EXECUTE on enter, INSERT on mark");

        database.execute(ControlSchema.grants(role));
        assertThatCode(() -> start(pool).close()).doesNotThrowAnyException();
    }

    private void startFails(HikariDataSource pool, String missing) {
        assertThatThrownBy(() -> start(pool))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(missing)
                .hasMessageContaining("ControlSchema.grants(\"" + role + "\")");
    }

    private static Changeover start(HikariDataSource pool) {
        return Changeover.builder()
                .dataSource(pool)
                .transactions(dev.changeover.legacyadapter.JdbcTransactions.on(pool))
                .start();
    }

    @Test
    void aRoleThatOperatesCanAskAndCannotForgeWhatCameOfIt() throws IOException, SQLException {
        database.execute(block("operator").replace("TO ops", "TO " + role));
        HikariDataSource pool = poolOfTheRole();
        execute(pool, "SELECT * FROM changeover.status");
        execute(
                pool,
                "INSERT INTO changeover.request (repository, verb, arguments, actor, reason, expires_at)"
                        + " VALUES ('accounts', 'drain', '{}', 'alice', 'why not', now() + interval '1 hour')"
                        + " RETURNING id");
        assertThat(database.queryString("SELECT concat_ws(' ', state, db_user, actor) FROM changeover.request"))
                .isEqualTo("WAITING " + role + " alice");
        for (String sql : List.of(
                "INSERT INTO changeover.request (repository, verb, reason, db_user) VALUES ('a', 'b', 'c', 'boss')",
                "INSERT INTO changeover.request (repository, verb, reason, state) VALUES ('a', 'b', 'c', 'DONE')",
                "INSERT INTO changeover.request (repository, verb, reason, result) VALUES ('a', 'b', 'c', '{}')",
                "INSERT INTO changeover.request (repository, verb, reason, requested_at) VALUES ('a', 'b', 'c', now())",
                "UPDATE changeover.request SET db_user = 'boss'",
                "UPDATE changeover.request SET state = 'DONE'",
                "DELETE FROM changeover.request",
                "SELECT changeover.take_request('me', '{accounts}', '{drain}', '{}', '{}')",
                "SELECT changeover.end_request(1, 'me', 1, 'DONE', NULL, NULL, NULL)",
                "SELECT changeover.cancel_request(1, 'accounts')",
                "SELECT changeover.move('accounts', 'DUAL_WRITE', 'why not')")) {
            assertThatThrownBy(() -> execute(pool, sql))
                    .as(sql)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
    }

    /** Requests are taken and ended by functions only, so the application cannot alter them either. */
    @Test
    void theApplicationDoesWhatIsAskedWithTheseGrants() {
        database.execute(ControlSchema.grants(role));
        try (Bank bank = Bank.open(poolOfTheRole(), Bank.Parts.DEFAULTS);
                Requests requests =
                        bank.changeover.requests().every(Duration.ofMillis(20)).start()) {
            assertThat(requests).isNotNull();
            database.execute("INSERT INTO changeover.request (repository, verb, arguments, reason)"
                    + " VALUES ('accounts', 'move', '{\"stage\":\"DUAL_WRITE\"}', 'why not')");
            Awaitility.await()
                    .until(() -> database.queryString("SELECT state FROM changeover.request")
                            .equals("DONE"));
            assertThatThrownBy(() -> execute(poolOfTheRole(), "UPDATE changeover.request SET db_user = 'boss'"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void movesCanBeKeptFromTheApplication() throws IOException {
        database.execute(ControlSchema.grants(role));
        database.execute(block("keep").replace("\"app\"", role));
        try (Bank bank = Bank.open(poolOfTheRole(), Bank.Parts.DEFAULTS)) {
            assertThatThrownBy(() -> bank.to(Stage.DUAL_WRITE))
                    .isInstanceOf(ChangeoverException.class)
                    .hasMessageContaining("permission denied for function move")
                    .hasMessageContaining("ControlSchema.grants");

            database.queryStrings("SELECT changeover.move('accounts', 'DUAL_WRITE', 'by the DBA')");
            bank.accounts.save(new Account(1, "Ada", 5));
            assertThat(bank.next.find(1)).isPresent();
        }
    }

    @Test
    void reviewsCanBeKeptFromTheApplicationWhichGoesOnToRecordDivergences() throws IOException, SQLException {
        database.execute(ControlSchema.grants(role));
        database.execute(block("reviews").replace("\"app\"", role));
        HikariDataSource pool = poolOfTheRole();
        execute(pool, "SELECT changeover.record_divergences('[]', '[]')");
        execute(pool, "SELECT * FROM changeover.divergences");
        assertThatThrownBy(() -> execute(pool, "SELECT changeover.review(1, 'FIXED', 'why not')"))
                .hasMessageContaining("permission denied for function review");
        assertThatThrownBy(() -> execute(pool, "SELECT changeover.review_path('a', 'b', 'FIXED', 'why not')"))
                .hasMessageContaining("permission denied for function review");
    }

    @Test
    void aRoleThatLooksWritesTheReportWithItsGrants() throws IOException {
        Bank.open(database).close();
        database.execute("SELECT changeover.move('accounts', 'DUAL_WRITE', 'on we go')");
        database.execute(block("monitor").replace("monitor", role));
        assertThatThrownBy(() -> TransitionReport.read(poolOfTheRole())).hasStackTraceContaining("permission denied");
        database.execute(block("report").replace("monitor", role));
        assertThat(TransitionReport.read(poolOfTheRole()).toString()).contains("accounts", "on we go");
    }

    @Test
    void aRoleThatLooksCannotMove() throws IOException, SQLException {
        database.execute(block("monitor").replace("monitor", role));
        HikariDataSource pool = poolOfTheRole();
        execute(pool, "SELECT * FROM changeover.status");
        execute(pool, "SELECT * FROM changeover.history");
        execute(pool, "SELECT * FROM changeover.divergences");
        assertThatThrownBy(() -> execute(pool, "SELECT changeover.move('accounts', 'DUAL_WRITE', 'why not')"))
                .hasMessageContaining("permission denied for function move");
    }
}
