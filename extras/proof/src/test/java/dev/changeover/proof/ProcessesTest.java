package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.InstanceStatus;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.testkit.ChildJvm;
import dev.changeover.testkit.FaultProxy;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Several instances in processes of their own: stopped for seconds, cut off, killed, while the stage moves on. */
class ProcessesTest {

    private static final String LEASE = "800";

    /** The mover's instance, in this process, and another one that is told what to do. */
    private static final class Branch implements AutoCloseable {

        final PostgresDatabase database = PostgresDatabase.fresh()
                .script("dev/changeover/proof/accounts.sql")
                .open();
        final String lease;
        final Bank bank;

        Branch() {
            this(LEASE);
        }

        /** A lease in milliseconds. */
        Branch(String lease) {
            this.lease = lease;
            Settings settings = Settings.DEFAULTS.withLease(Duration.ofMillis(Long.parseLong(lease)));
            this.bank = Bank.open(database, Bank.Parts.DEFAULTS.withSettings(settings));
        }

        ChildJvm teller(String jdbcUrl) {
            ChildJvm teller = ChildJvm.start(Teller.class, jdbcUrl, lease);
            teller.await(0, "READY"::equals);
            return teller;
        }

        /** Stops the process where none of its threads is inside a transaction, which would hold the flip up. */
        void pauseAtRest(ChildJvm teller) {
            Awaitility.await("the process stands still outside of transactions")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        teller.pause();
                        boolean atRest = database.queryLong("SELECT count(*) FROM pg_stat_activity"
                                        + " WHERE datname = current_database() AND xact_start IS NOT NULL"
                                        + " AND pid <> pg_backend_pid() AND state = 'idle in transaction'")
                                == 0;
                        if (!atRest) {
                            teller.resume();
                        }
                        return atRest;
                    });
        }

        /** What a jump of the server's clock is to the leases. */
        void clockJumps(String by) {
            String opposite = by.startsWith("+") ? "-" + by.substring(1) : "+" + by.substring(1);
            database.execute("UPDATE changeover.instance SET lease_until = lease_until " + opposite);
        }

        RepositoryStatus status() {
            return bank.changeover.status().get(0);
        }

        void move(Stage stage) {
            bank.changeover.stages().move(Bank.NAME, stage, "test", "processes");
        }

        @Override
        public void close() {
            bank.close();
            database.close();
        }
    }

    private static String ask(ChildJvm teller, String line) {
        int before = teller.lines().size();
        String verb = line.split(" ")[0] + " ";
        teller.say(line);
        return teller.await(before, said -> said.startsWith(verb)).substring(verb.length());
    }

    @Test
    @Guarantee("G4")
    @Guarantee("G5")
    @FailureRow(
            value = FailureRow.MISSED,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void aProcessThatStoodStillAcrossAFlipReadsAndWritesUnderTheNewStage() {
        try (Branch branch = new Branch();
                ChildJvm teller = branch.teller(branch.database.jdbcUrl())) {
            branch.bank.to(Stage.RAMP).percent(100);
            assertThat(ask(teller, "save 1 before")).isEqualTo("done");
            assertThat(ask(teller, "find 1")).isEqualTo("before");

            branch.pauseAtRest(teller);
            branch.move(Stage.NEW_PRIMARY); // waits until the lease of the other has ended
            branch.bank.accounts.save(new Account(1, "meanwhile", 1));
            teller.resume();

            assertThat(ask(teller, "find 1")).isEqualTo("meanwhile");
            assertThat(ask(teller, "save 2 after")).isEqualTo("done");
            assertThat(branch.database.queryString("SELECT label FROM fresh.account WHERE id = 2"))
                    .isEqualTo("after");
            branch.bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10));
            assertThat(WalkTest.differences(branch.database)).isZero();
        }
    }

    @Test
    @Guarantee("G4")
    @Guarantee("G1")
    @FailureRow(
            value = FailureRow.FLIP,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void aProcessThatStandsStillInsideAUnitHoldsTheFlipUpAndLosesNothing() {
        try (Branch branch = new Branch();
                ChildJvm teller = branch.teller(branch.database.jdbcUrl())) {
            branch.bank.to(Stage.RAMP).percent(100);
            ask(teller, "save 1 before");
            awaitAcknowledged(
                    branch); // who has not seen 100 % yet reads without the fence, and is refused at its write
            teller.say("unit 1 after");
            teller.await(0, "unit read before"::equals);
            teller.pause();
            assertThatThrownBy(() -> branch.move(Stage.NEW_PRIMARY))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("open transactions hold the fence");
            assertThat(branch.status().inTheWay()).contains("pid ");
            teller.resume();
            teller.say("x");
            teller.await(0, "unit done"::equals);

            branch.move(Stage.NEW_PRIMARY);
            branch.bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10));
            assertThat(branch.database.queryString("SELECT label FROM fresh.account"))
                    .isEqualTo("after");
            assertThat(WalkTest.differences(branch.database)).isZero();
        }
    }

    @Test
    @Guarantee("G4")
    @Guarantee("G5")
    @FailureRow(
            value = FailureRow.MISSED,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void aProcessThatIsCutOffServesNothingOldWhenItComesBack() {
        try (Branch branch = new Branch();
                FaultProxy proxy = branch.database.proxy();
                ChildJvm teller = branch.teller(proxy.jdbcUrl(branch.database.name()) + "&prepareThreshold=0")) {
            branch.bank.to(Stage.RAMP).percent(100);
            ask(teller, "save 1 before");
            awaitAcknowledged(branch);
            proxy.refuse();
            proxy.reset();

            branch.move(Stage.NEW_PRIMARY);
            branch.bank.accounts.save(new Account(1, "meanwhile", 1));
            assertThat(ask(teller, "find 1")).startsWith("FAILED");
            Awaitility.await("the end of its lease")
                    .atMost(Duration.ofSeconds(10))
                    .until(
                            () -> branch.status().instances().stream()
                                    .filter(instance -> !instance.live())
                                    .count(),
                            ended -> ended == 1);

            proxy.accept();
            Awaitility.await("the process is back")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !ask(teller, "find 1").startsWith("FAILED"));
            assertThat(ask(teller, "find 1")).isEqualTo("meanwhile");
        }
    }

    /** Leases end for the server while their instances believe in them: nothing but the wait of a move rests on them. */
    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    @Guarantee("G5")
    @FailureRow(
            value = FailureRow.MISSED,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void aServersClockThatJumpsForwardLetsNobodyReadOrWriteUnderTheOldStage() {
        try (Branch branch = new Branch("60000");
                ChildJvm teller = branch.teller(branch.database.jdbcUrl())) {
            branch.bank.to(Stage.RAMP).percent(100);
            ask(teller, "save 1 before");
            assertThat(ask(teller, "find 1")).isEqualTo("before");
            awaitAcknowledged(branch);

            branch.pauseAtRest(teller);
            branch.clockJumps("+ interval '2 hours'");
            branch.move(Stage.NEW_PRIMARY);
            branch.bank.accounts.save(new Account(1, "meanwhile", 1));
            teller.resume();

            assertThat(ask(teller, "find 1")).isEqualTo("meanwhile");
            assertThat(ask(teller, "save 1 after")).isEqualTo("done");
            branch.bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10));
            assertThat(branch.database.queryStrings(
                            "SELECT label FROM fresh.account UNION SELECT name FROM old.account"))
                    .containsExactly("after");
        }
    }

    /** Leases of the dead last too long: a move waits and says for whom, and whoever lives is not in its way. */
    @Test
    @Guarantee("G4")
    void aServersClockThatJumpsBackMakesAMoveWaitForTheDeadAndSayForWhom() {
        try (Branch branch = new Branch(LEASE);
                ChildJvm teller = branch.teller(branch.database.jdbcUrl())) {
            branch.bank.to(Stage.RAMP).percent(100);
            awaitAcknowledged(branch);
            teller.kill();
            branch.bank.percent(99).percent(100);
            branch.clockJumps("- interval '2 hours'");

            assertThatThrownBy(() -> branch.move(Stage.NEW_PRIMARY))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining(branch.status().behind().get(0).instance());
            assertThat(branch.bank.changeover.stages().of(Bank.NAME).stage()).isEqualTo(Stage.RAMP);
            branch.clockJumps("+ interval '2 hours'");
            branch.move(Stage.NEW_PRIMARY);
        }
    }

    @Test
    @Guarantee("G4")
    void theStatusTellsWhichProcessIsBehind() {
        try (Branch branch = new Branch();
                ChildJvm teller = branch.teller(branch.database.jdbcUrl())) {
            branch.bank.to(Stage.SHADOW);
            awaitAcknowledged(branch);
            assertThat(branch.status().instances()).hasSize(2);
            assertThat(branch.status().behind()).isEmpty();

            branch.pauseAtRest(teller);
            branch.move(Stage.DUAL_WRITE);
            assertThat(branch.status().behind()).hasSize(1).allMatch(InstanceStatus::live);
            assertThat(branch.database.queryString("SELECT lagging::text FROM changeover.status"))
                    .contains(branch.status().behind().get(0).instance());
            Awaitility.await("the end of its lease")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> branch.status().behind().isEmpty());
            teller.resume();
            awaitAcknowledged(branch);
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G2")
    @FailureRow(
            value = FailureRow.AFTER_COMMIT,
            stages = {Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP, Stage.NEW_PRIMARY})
    void aProcessThatIsKilledAtWorkHasLostNothingThatItAcknowledged() {
        try (Branch branch = new Branch();
                ChildJvm first = branch.teller(branch.database.jdbcUrl());
                ChildJvm second = branch.teller(branch.database.jdbcUrl())) {
            branch.bank.to(Stage.DUAL_WRITE);
            first.say("stream 1000");
            second.say("stream 5000000");
            first.await(0, "acknowledged 1020"::equals);
            branch.bank.to(Stage.RAMP).percent(100);
            second.await(0, "acknowledged 5000040"::equals);
            first.kill();
            branch.move(Stage.NEW_PRIMARY);
            int before = second.lines().size();
            second.await(before + 20, line -> line.startsWith("acknowledged"));
            second.kill();

            branch.bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(20));
            Set<String> there = Set.copyOf(branch.database.queryStrings("SELECT id::text FROM fresh.account"));
            assertThat(there).containsAll(acknowledged(first)).containsAll(acknowledged(second));
            assertThat(WalkTest.differences(branch.database)).isZero();
        }
    }

    private static List<String> acknowledged(ChildJvm teller) {
        return teller.lines().stream()
                .filter(line -> line.startsWith("acknowledged "))
                .map(line -> line.split(" ")[1])
                .collect(Collectors.toList());
    }

    private static void awaitAcknowledged(Branch branch) {
        Awaitility.await("all have acknowledged")
                .atMost(Duration.ofSeconds(10))
                .until(() -> branch.status().behind().isEmpty());
    }
}
