package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.EntityStore;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.testkit.FaultProxy;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.Probe;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes whose backend, connection or server dies. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class KilledWriteTest {

    private final PostgresDatabase database;
    private final Probe probe = new Probe();

    KilledWriteTest(PostgresDatabase database) {
        this.database = database;
    }

    private Bank open(Stage stage) {
        Bank bank = Bank.open(database, parts());
        bank.to(stage);
        bank.inTransaction(() -> bank.accounts.save(new Account(1, "before", 1)));
        return bank;
    }

    private Bank.Parts parts() {
        return Bank.Parts.DEFAULTS
                .withLegacy(Watched.as(Accounts.class, "legacy", probe))
                .withNext(Watched.as(Accounts.class, "new", probe))
                .withLegacyStore(Watched.as(EntityStore.class, "legacyStore", probe))
                .withNextStore(Watched.as(EntityStore.class, "newStore", probe));
    }

    @ParameterizedTest
    @CsvSource({
        "DUAL_WRITE, legacy.save",
        "DUAL_WRITE, legacy.save done",
        "DUAL_WRITE, newStore.upsert",
        "DUAL_WRITE, newStore.upsert done",
        "DUAL_WRITE, before commit",
        "RAMP, newStore.upsert done",
        "NEW_PRIMARY, new.save done",
        "NEW_PRIMARY, legacyStore.upsert",
        "NEW_PRIMARY, before commit"
    })
    @Guarantee("G1")
    @FailureRow(FailureRow.BETWEEN)
    @FailureRow(FailureRow.INSIDE)
    void aBackendThatIsKilledTakesBothSidesOfTheWriteWithIt(Stage stage, String point) {
        try (Bank bank = open(stage)) {
            probe.runAt(point, () -> kill(bank));
            assertThatThrownBy(() -> bank.inTransaction(() -> {
                        bank.accounts.save(new Account(1, "after", 2));
                        probe.reach("before commit");
                        return true;
                    }))
                    .isNotNull();
            assertThat(bank.accounts.find(1)).contains(new Account(1, "before", 1));
            bank.accounts.add(1, 5);
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(WalkTest.differences(database)).isZero();
            bank.to(Stage.DUAL_WRITE);
        }
    }

    private void kill(Bank bank) throws SQLException {
        try (Statement statement = bank.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            database.cluster().terminateBackend(rows.getLong(1));
        }
    }

    /** Whether the write is copied or marked, it must be one with the authority's, since nobody knows what became of it. */
    @ParameterizedTest
    @CsvSource({"DUAL_WRITE, false", "DUAL_WRITE, true", "NEW_PRIMARY, false"})
    @Guarantee("G1")
    @FailureRow(FailureRow.LOST_REPLY)
    void aCommitWhoseReplyIsLostIsOnTheFollowerOrMarked(Stage stage, boolean failing) {
        try (FaultProxy proxy = database.proxy();
                Bank bank = Bank.open(
                        Sources.apart(database.pool(6), database.pool(database.dataSource(proxy), 4)), parts())) {
            bank.to(stage);
            bank.accounts.save(new Account(2, "before", 1));
            bank.changeover.drain().pause();
            if (failing) {
                probe.throwAt("newStore.upsert", () -> new IllegalStateException("marked"));
            }
            assertThatThrownBy(() -> bank.inTransaction(() -> {
                        bank.accounts.save(new Account(2, "after", 2));
                        proxy.cutAfter(FaultProxy.Direction.TO_CLIENT, 0);
                        return true;
                    }))
                    .isNotNull();
            proxy.heal();
            await().until(() -> bank.accounts.find(2).equals(java.util.Optional.of(new Account(2, "after", 2))));
            assertThat(database.queryLong("SELECT count(*) FROM changeover.mark"))
                    .isEqualTo(failing ? 1 : 0);
            assertThat(WalkTest.differences(database)).isEqualTo(failing ? 1 : 0);
            bank.changeover.drain().resume();
            assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(WalkTest.differences(database)).isZero();
            bank.to(Stage.DUAL_WRITE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "NEW_PRIMARY"})
    @Guarantee("G1")
    @Guarantee("G2")
    @FailureRow(FailureRow.CRASH)
    void acknowledgedWritesSurviveACrashOfTheServer(Stage stage) {
        try (PostgresCluster cluster = PostgresCluster.builder().start();
                PostgresDatabase own = PostgresDatabase.fresh()
                        .in(cluster)
                        .script("dev/changeover/proof/accounts.sql")
                        .open();
                Bank bank = Bank.open(own, parts().withSettings(Settings.DEFAULTS.withLease(Duration.ofMillis(400))))) {
            bank.to(stage);
            int writers = 4;
            AtomicLongArray intended = new AtomicLongArray(writers);
            AtomicLongArray acknowledged = new AtomicLongArray(writers);
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int key = i;
                Thread thread = new Thread(() -> write(bank, key, intended, acknowledged, over));
                thread.start();
                threads.add(thread);
            }
            String store = stage == Stage.NEW_PRIMARY ? "legacyStore" : "newStore";
            for (int i = 0; i < 6; i++) {
                probe.throwAt(store + ".upsert", () -> new IllegalStateException("marked"));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> IntStream.range(0, writers).allMatch(i -> acknowledged.get(i) > 5));
            cluster.crash();
            over.set(true);
            threads.forEach(KilledWriteTest::join);
            cluster.restart();

            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> bank.accounts.count() >= writers);
            for (int i = 0; i < writers; i++) {
                assertThat(bank.accounts.find(i).orElseThrow().balance())
                        .isBetween(acknowledged.get(i), intended.get(i));
            }
            probe.throwAt(store + ".upsert", () -> new IllegalStateException("marked after the restart"));
            bank.accounts.add(0, 1);
            // by the thread of the drain, which has outlived a server that was away for longer than the lease
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> own.queryLong("SELECT count(*) FROM changeover.mark") == 0);
            assertThat(WalkTest.differences(own)).isZero();
        }
    }

    private static void write(
            Bank bank, int key, AtomicLongArray intended, AtomicLongArray acknowledged, AtomicBoolean over) {
        try {
            for (long version = 1; !over.get(); version++) {
                intended.set(key, version);
                bank.accounts.save(new Account(key, "w" + key, version));
                acknowledged.set(key, version);
            }
        } catch (RuntimeException e) {
            // the server is gone: nobody knows what became of this last write
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is tried again and again must not end the thread that tries. */
    @Test
    @Guarantee("G2")
    void anErrorInAMappingDoesNotEndTheDrain() {
        try (Bank bank = open(Stage.DUAL_WRITE)) {
            probe.throwAt("newStore.upsert", () -> new IllegalStateException("marked"));
            probe.throwAt("newStore.upsert", () -> new NoClassDefFoundError("while draining"));
            bank.accounts.save(new Account(3, "c", 3));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> database.queryLong("SELECT count(*) FROM changeover.mark") == 0);
            assertThat(WalkTest.differences(database)).isZero();
        }
    }
}
