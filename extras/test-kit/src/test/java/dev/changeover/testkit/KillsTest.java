package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KillsTest {

    private static PostgresCluster cluster;
    private static PostgresDatabase database;

    @BeforeAll
    static void start() {
        cluster = PostgresCluster.builder().start();
        database = PostgresDatabase.fresh().in(cluster).open();
        database.execute("CREATE TABLE t (i integer)");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Connection atWork() throws SQLException {
        Connection connection = database.connection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO t VALUES (1)");
        }
        return connection;
    }

    private static boolean isGone(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            return false;
        } catch (SQLException e) {
            return true;
        }
    }

    private static Kills kills() {
        return new Kills(cluster, database.name(), new Random(1));
    }

    @Test
    void onlyASessionThatIsAtWorkIsEnded() throws SQLException {
        try (Kills kills = kills();
                Connection idle = database.connection()) {
            assertThat(kills.session()).isFalse();
            try (Connection working = atWork()) {
                assertThat(kills.session()).isTrue();
                assertThat(isGone(working)).isTrue();
            }
            assertThat(isGone(idle)).isFalse();
            assertThat(kills.sessions()).isOne();
        }
    }

    @Test
    void aServerThatDiedIsBackWithWhatWasCommitted() throws SQLException {
        long before = database.queryLong("SELECT count(*) FROM t");
        database.execute("INSERT INTO t VALUES (2)");
        try (Kills kills = kills();
                Connection working = atWork()) {
            kills.server();
            assertThat(isGone(working)).isTrue();
            assertThat(kills.crashes()).isOne();
        }
        assertThat(database.queryLong("SELECT count(*) FROM t")).isEqualTo(before + 1);
    }

    @Test
    void aBackendThatIsKilledHardTakesAllOthersWithIt() throws SQLException {
        try (Kills kills = kills();
                Connection idle = database.connection();
                Connection working = atWork()) {
            assertThat(kills.sessionHard()).isTrue();
            assertThat(isGone(idle)).isTrue();
            assertThat(isGone(working)).isTrue();
        }
        assertThat(database.queryLong("SELECT 1")).isOne();
    }

    @Test
    void aSessionThatWasStoppedGoesOn() throws SQLException {
        try (Kills kills = kills();
                Connection working = atWork()) {
            assertThat(kills.pause(Duration.ofMillis(20))).isTrue();
            assertThat(isGone(working)).isFalse();
            assertThat(kills.pauses()).isOne();
        }
    }
}
