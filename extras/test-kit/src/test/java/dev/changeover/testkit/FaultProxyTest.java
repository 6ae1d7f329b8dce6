package dev.changeover.testkit;

import static dev.changeover.testkit.FaultProxy.Direction.TO_CLIENT;
import static dev.changeover.testkit.FaultProxy.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultProxyTest {
    @RegisterExtension
    static final PostgresDatabase db = PostgresDatabase.fresh();

    private FaultProxy proxy;

    @BeforeAll
    static void createTable() {
        db.execute("CREATE TABLE paid (id bigint PRIMARY KEY)");
    }

    @BeforeEach
    void start() {
        proxy = FaultProxy.to(db.cluster());
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void aTransactionTakesARoundTripPerStatementAndOneForTheCommit() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            proxy.resetCounts();
            statement.execute("INSERT INTO paid VALUES (1)");
            statement.execute("INSERT INTO paid VALUES (2)");
            statement.execute("INSERT INTO paid VALUES (3)");
            connection.commit();
            assertThat(proxy.roundTrips()).isEqualTo(4);
            assertThat(proxy.roundTripsPerConnection()).containsExactly(4L);
        }
    }

    @Test
    void aLargeReplyIsOneRoundTrip() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            proxy.resetCounts();
            statement.executeQuery("SELECT repeat('x', 1000) FROM generate_series(1, 5000)");
            assertThat(proxy.roundTrips()).isOne();
        }
    }

    @Test
    void aLostCommitReplyLeavesTheRowBehind() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO paid VALUES (10)");
            proxy.cutAfter(TO_CLIENT, 0);
            assertThatThrownBy(connection::commit)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
        }
        assertThat(db.queryLong("SELECT count(*) FROM paid WHERE id = 10")).isOne();
    }

    @Test
    void aLostCommitRequestLeavesNoRow() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO paid VALUES (20)");
            proxy.cutAfter(TO_SERVER, 0);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
        }
        assertThat(db.queryLong("SELECT count(*) FROM paid WHERE id = 20")).isZero();
    }

    @Test
    void aStalledReplyRunsIntoTheNetworkTimeoutThoughTheServerIsDone() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 300);
            proxy.stall(TO_CLIENT);
            assertThatThrownBy(() -> statement.execute("INSERT INTO paid VALUES (30)"))
                    .isInstanceOf(SQLException.class);
        }
        Awaitility.await().until(() -> db.queryLong("SELECT count(*) FROM paid WHERE id = 30") == 1);
    }

    @Test
    void aStallLosesNothing() throws Exception {
        try (Connection connection = connect();
                Session session = Session.over("slow", connection, db.dataSource())) {
            proxy.stall(TO_SERVER);
            session.start(c -> c.createStatement().execute("INSERT INTO paid VALUES (40)"));
            assertThat(session.isBusy()).isTrue();
            proxy.resume(TO_SERVER);
            session.join();
            session.commit();
        }
        assertThat(db.queryLong("SELECT count(*) FROM paid WHERE id = 40")).isOne();
    }

    @Test
    void aDelayIsFeltInEveryReply() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            proxy.delay(TO_CLIENT, Duration.ofMillis(60));
            long start = System.nanoTime();
            statement.execute("SELECT 1");
            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(60).toNanos());
        }
    }

    @Test
    void aResetBreaksOpenConnectionsAndLeavesNone() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            proxy.reset();
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
            Awaitility.await().until(() -> proxy.connections() == 0);
        }
    }

    @Test
    void aRefusedConnectionSucceedsAfterwards() throws SQLException {
        proxy.refuse();
        assertThatThrownBy(this::connect)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
        proxy.accept();
        try (Connection connection = connect()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(proxy.jdbcUrl(db.name()));
    }
}
