package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresClusterTest {
    private static PostgresCluster cluster;
    private static PostgresDatabase db;

    @BeforeAll
    static void start() {
        cluster = PostgresCluster.builder().setting("wal_level", "logical").start();
        db = PostgresDatabase.fresh().in(cluster).open();
        db.execute("CREATE TABLE seen (id bigint PRIMARY KEY)");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void theServerHasTheVersionThatTheBuildNames() {
        String binaries = System.getProperty("changeover.testkit.binaries");
        assumeThat(binaries).as("run by Maven, which chooses the version").isNotNull();
        assertThat(binaries).startsWith(db.queryString("SHOW server_version") + ".");
    }

    @Test
    void durabilityIsOn() {
        assertThat(db.queryString("SHOW fsync")).isEqualTo("on");
        assertThat(db.queryString("SHOW synchronous_commit")).isEqualTo("on");
        assertThat(db.queryString("SHOW full_page_writes")).isEqualTo("on");
    }

    @Test
    void settingsOfTheBuilderReachTheServer() {
        assertThat(db.queryString("SHOW wal_level")).isEqualTo("logical");
        assertThat(db.queryString("SHOW deadlock_timeout")).isEqualTo("1s");
    }

    @Test
    void aCrashKeepsCommittedRowsAndLosesOpenOnes() throws SQLException {
        int port = cluster.port();
        db.execute("INSERT INTO seen VALUES (1)");
        try (Connection open = db.connection();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO seen VALUES (2)");
            cluster.crash();
            assertThat(cluster.isRunning()).isFalse();
            assertThatThrownBy(open::commit).isInstanceOf(SQLException.class);
        }
        cluster.restart();
        assertThat(cluster.port()).isEqualTo(port);
        assertThat(db.queryStrings("SELECT id FROM seen")).containsExactly("1");
    }

    @Test
    void aTerminatedBackendTellsItsClient() throws SQLException {
        try (Connection connection = db.connection();
                Statement statement = connection.createStatement()) {
            cluster.terminateBackend(Pids.of(connection));
            assertThatThrownBy(() -> statement.execute("SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
        }
    }

    @Test
    void aPausedBackendStaysSilentUntilItIsResumed() throws SQLException {
        try (Connection connection = db.connection();
                Statement statement = connection.createStatement()) {
            long pid = Pids.of(connection);
            cluster.pauseBackend(pid);
            Thread query = new Thread(() -> quietly(statement), "query");
            query.start();
            Awaitility.await()
                    .during(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(5))
                    .until(query::isAlive);
            cluster.resumeBackend(pid);
            Awaitility.await().until(() -> !query.isAlive());
        }
    }

    @Test
    void aDatabaseCanBeCopied() {
        cluster.createDatabase("original");
        cluster.createDatabase("Copy of it", "original");
        cluster.dropDatabase("Copy of it");
        cluster.dropDatabase("original");
    }

    @Test
    void aGivenDataDirectoryOutlivesTheCluster(@TempDir Path directory) {
        Path data = directory.resolve("data");
        try (PostgresCluster first =
                PostgresCluster.builder().dataDirectory(data).start()) {
            first.createDatabase("kept");
        }
        try (PostgresCluster second =
                        PostgresCluster.builder().dataDirectory(data).start();
                PostgresDatabase copy =
                        PostgresDatabase.fresh().in(second).template("kept").open()) {
            assertThat(copy.queryLong("SELECT count(*) FROM pg_database WHERE datname = 'kept'"))
                    .isOne();
        }
    }

    @Test
    void aServerThatCannotStartSaysWhy() {
        PostgresCluster.Builder wrong = PostgresCluster.builder().setting("max_connections", "many");
        assertThatThrownBy(wrong::start).hasMessageContaining("max_connections");
        PostgresCluster.Builder taken = PostgresCluster.builder().port(cluster.port());
        assertThatThrownBy(taken::start).hasMessageContaining("could not bind");
    }

    private static void quietly(Statement statement) {
        try {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
