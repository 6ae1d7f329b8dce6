package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client of PgBouncer in transaction mode can rely on, and which setting of the driver it needs. */
@Tag("pgbouncer")
class PgBouncerTest {
    @RegisterExtension
    static final PostgresDatabase db = PostgresDatabase.fresh();

    /** What the driver tells of its backend is PgBouncer's invention. */
    private static final String PID = "SELECT pg_backend_pid()";

    private static PgBouncer bouncer;

    @BeforeAll
    static void start() {
        bouncer = PgBouncer.to(db.cluster()).poolSize(2).start();
    }

    @AfterAll
    static void stop() {
        bouncer.close();
    }

    /** Otherwise the profile would run everything past it. */
    @Test
    void theApplicationUnderTestGoesThroughIt() throws SQLException {
        try (FaultProxy proxy = db.proxy();
                Connection pooled = db.pool(1).getConnection();
                Connection proxied = db.dataSource(proxy).getConnection()) {
            assertThat(query(pooled, PID)).isNotEqualTo(Long.toString(Pids.of(pooled)));
            assertThat(query(proxied, PID)).isNotEqualTo(Long.toString(Pids.of(proxied)));
        }
    }

    @Test
    void theTransactionsOfAConnectionAreDealtToSeveralBackends() throws SQLException {
        try (Connection first = db.dataSource(bouncer).getConnection();
                Connection second = db.dataSource(bouncer).getConnection()) {
            first.setAutoCommit(false);
            String other = query(first, PID); // stays open, so that the second one gets another backend
            String own = query(second, PID);
            first.commit();
            Set<String> dealt = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                dealt.add(query(second, PID));
            }
            assertThat(dealt).containsExactlyInAnyOrder(own, other);
        }
    }

    @Test
    void aTransactionKeepsItsBackend() throws SQLException {
        try (Connection connection = db.dataSource(bouncer).getConnection()) {
            connection.setAutoCommit(false);
            String pid = query(connection, PID);
            for (int i = 0; i < 10; i++) {
                assertThat(query(connection, PID)).isEqualTo(pid);
            }
        }
    }

    @Test
    void whatASessionSetsShowsUpInAnother() throws SQLException {
        try (Connection one = db.dataSource(bouncer).getConnection();
                Connection other = db.dataSource(bouncer).getConnection()) {
            execute(one, "SET lock_timeout = '4321ms'");
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                seen.add(query(other, "SHOW lock_timeout"));
            }
            assertThat(seen).contains("4321ms");
        }
    }

    @Test
    void withoutPreparedStatementsOnTheServerEveryTransactionFindsItsOwn() {
        assertThatCode(() -> repeat(bouncer.jdbcUrl(db.name()))).doesNotThrowAnyException();
    }

    @Test
    void aStatementThatWasPreparedOnTheServerIsNotThereInTheNextTransaction() {
        try (PgBouncer forgetful = forgetful()) {
            assertThatThrownBy(() -> repeat(forgetful.plainUrl(db.name())))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState())
                                    .isIn("26000", "42P05")); // not there, or already there from another client
        }
    }

    /** With a version before 1.21 there is nothing to set; this then asserts that the version does not know it. */
    @Test
    void aVersionThatPreparesStatementsItselfNeedsNoSettingOfTheDriver() {
        PgBouncer.Builder builder = PgBouncer.to(db.cluster()).poolSize(2).setting("max_prepared_statements", "100");
        if (!bouncer.knowsPreparedStatements()) {
            assertThatThrownBy(builder::start).hasMessageContaining("max_prepared_statements");
            return;
        }
        try (PgBouncer mindful = builder.start()) {
            assertThatCode(() -> repeat(mindful.plainUrl(db.name()))).doesNotThrowAnyException();
        }
    }

    @Test
    void aPgBouncerThatCannotStartSaysWhy() {
        PgBouncer.Builder wrong = PgBouncer.to(db.cluster()).setting("pool_mode", "sometimes");
        assertThatThrownBy(wrong::start).hasMessageContaining("pool_mode");
    }

    /** As every version before 1.21 is, and a later one by this setting. */
    private static PgBouncer forgetful() {
        PgBouncer.Builder builder = PgBouncer.to(db.cluster()).poolSize(2);
        return (bouncer.knowsPreparedStatements() ? builder.setting("max_prepared_statements", "0") : builder).start();
    }

    /** Uses the same statements often enough for the driver to prepare them, on two connections in turn. */
    private static void repeat(String url) throws SQLException {
        try (Connection first = DriverManager.getConnection(url);
                Connection second = DriverManager.getConnection(url);
                PreparedStatement one = first.prepareStatement("SELECT ?::int + 1");
                PreparedStatement two = second.prepareStatement("SELECT ?::int + 2")) {
            for (int i = 0; i < 20; i++) {
                assertThat(answer(one, i)).isEqualTo(i + 1);
                assertThat(answer(two, i)).isEqualTo(i + 2);
            }
        }
    }

    private static int answer(PreparedStatement statement, int argument) throws SQLException {
        statement.setInt(1, argument);
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
