package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.backfill.Health;
import dev.changeover.core.backfill.Health.Verdict;
import dev.changeover.core.backfill.HealthSignal;
import dev.changeover.core.backfill.HealthSignals;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signal of replicas that lag, with a real one: a copy of the stopped server's files that follows it. */
@Tag("direct") // the replica follows the server itself
class ReplicaTest {

    @TempDir
    static Path directory;

    private static PostgresCluster primary;
    private static PostgresCluster replica;
    private static PostgresDatabase database;

    @BeforeAll
    static void open() throws IOException {
        primary = PostgresCluster.builder()
                .dataDirectory(directory.resolve("primary"))
                .setting("max_connections", "30")
                .start();
        primary.stop();
        copy(primary.dataDirectory(), directory.resolve("replica"));
        Files.createFile(directory.resolve("replica/standby.signal"));
        primary.restart();
        replica = PostgresCluster.builder()
                .dataDirectory(directory.resolve("replica"))
                .setting("max_connections", "30")
                .setting("wal_receiver_status_interval", "1")
                .setting("primary_conninfo", "host=127.0.0.1 port=" + primary.port() + " user=postgres")
                .start();
        database = PostgresDatabase.fresh().in(primary).open();
        database.execute(
                "CREATE TABLE something (x int); CREATE ROLE plain; CREATE ROLE looks IN ROLE pg_read_all_stats");
    }

    /** Readable by its owner alone, which the server insists on. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @AfterAll
    static void close() {
        if (database != null) {
            database.close();
        }
        if (replica != null) {
            replica.close();
        }
        if (primary != null) {
            primary.close();
        }
    }

    private static Health look(HealthSignal signal, String role) {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE " + role);
            return signal.look(connection, List.of());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write() {
        database.execute("INSERT INTO something SELECT generate_series(1, 3000)");
    }

    private static void replay(String what) {
        try (Connection connection = replica.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_wal_replay_" + what + "()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitVerdict(HealthSignal signal, Verdict verdict, Runnable meanwhile) {
        Awaitility.await("the signal says " + verdict)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    meanwhile.run();
                    return look(signal, "looks").verdict() == verdict;
                });
    }

    @Test
    void aReplicaWhoseReplayStandsStillSlowsAndPausesUntilItHasCaughtUp() {
        HealthSignal signal = HealthSignals.replication(Duration.ofSeconds(1), Duration.ofSeconds(3));
        awaitVerdict(signal, Verdict.GOOD, ReplicaTest::write);
        replay("pause");
        try {
            awaitVerdict(signal, Verdict.SLOW, ReplicaTest::write);
            assertThat(look(signal, "looks").reason()).matches("a replica is [12]\\.\\d s behind");
            awaitVerdict(signal, Verdict.PAUSE, () -> {});
        } finally {
            replay("resume");
        }
        awaitVerdict(signal, Verdict.GOOD, () -> {});
        awaitVerdict(signal, Verdict.GOOD, ReplicaTest::write);
    }

    @Test
    void aRoleThatMayNotSeeReplicasDoesNotKnow() {
        HealthSignal signal = HealthSignals.replication(Duration.ofSeconds(1), Duration.ofSeconds(3));
        assertThat(look(signal, "plain"))
                .isEqualTo(new Health(Verdict.UNKNOWN, "the role may not see how far replicas are"));
        awaitVerdict(signal, Verdict.GOOD, () -> {});
    }
}
