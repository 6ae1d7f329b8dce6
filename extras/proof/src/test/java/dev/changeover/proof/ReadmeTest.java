package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Changeover;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.MaintenanceResult;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.StandardGates;
import dev.changeover.core.request.Requests;
import dev.changeover.legacyadapter.retire.Retirement;
import dev.changeover.legacyadapter.retire.RetirementStep;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.ComparisonRequests;
import dev.changeover.shadowcompare.Repair;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.shadowcompare.VerificationResult;
import dev.changeover.shadowcompare.report.Reports;
import dev.changeover.shadowcompare.report.TransitionReport;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is compiled here, and is the same text. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class ReadmeTest {

    @Test
    void theRegistrationAndTheMovesWork(PostgresDatabase database) {
        database.execute("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 10) i");
        try (Bank bank = Bank.open(database)) {
            Changeover changeover = Changeover.builder()
                    .dataSource(bank.pool)
                    .transactions(bank.transactions)
                    .gates(GatePlan.builder()
                            .before(Stage.NEW_PRIMARY, StandardGates.soaked(Duration.ofDays(1)))
                            .build())
                    .start();
            Accounts accounts = register(changeover, bank.legacy, bank.next, bank.legacyStore, bank.nextStore);
            sentinels(changeover);
            move(changeover);
            gates(changeover);
            accounts.save(new Account(11, "eleven", 11));
            assertThat(bank.next.find(11)).isPresent();
            assertThat(database.queryLong("SELECT count(*) FROM fresh.account")).isEqualTo(11);
            changeover.close();
        }
    }

    private static Accounts register(
            Changeover changeover,
            Accounts legacyAccounts,
            Accounts newAccounts,
            EntityStore<Long, Account> legacyStore,
            EntityStore<Long, Account> newStore) {
        // snippet: register
        Accounts accounts = changeover
                .repository("accounts", Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(legacyAccounts, legacyStore)
                .next(newAccounts, newStore)
                .route(m -> m.reads("find", "lock")
                        .locking("lock")
                        .lookups("byName")
                        .queries("all", "count")
                        .writes("save", "add", "delete")
                        .rehearses("save")
                        .keys("add", (arguments, result) -> List.of(arguments[0])))
                .build(); // an Accounts: the services do not change
        // end
        return accounts;
    }

    private static void sentinels(Changeover changeover) {
        // snippet: sentinels
        changeover.sentinels().install("accounts", Strangers.REFUSE, "alice", "the old build still runs");
        changeover.sentinels().foreignWriters("accounts").forEach(System.out::println); // who, how often, when last
        changeover.status().forEach(System.out::println); // who is behind, why a move waits
        // end
    }

    private static void move(Changeover changeover) {
        // snippet: move
        changeover.stages().move("accounts", Stage.DUAL_WRITE, "alice", "new tables are there");
        changeover.backfill("accounts").run(progress -> System.out.println(progress.rows() + " rows"));
        changeover.stages().move("accounts", Stage.SHADOW, "alice", "backfill complete");
        changeover.stages().move("accounts", Stage.RAMP, "alice", "no divergence for a week");
        changeover.stages().percent("accounts", 25, "alice", "latency as before");
        // end
    }

    private static void gates(Changeover changeover) {
        // snippet: gates
        changeover
                .gates()
                .attest("accounts", "backup", Duration.ofDays(1), "alice", "restored it into a scratch schema");
        System.out.println(
                changeover.gates().before("accounts", Stage.NEW_PRIMARY).missing()); // a line a gate
        System.out.println(changeover.gates().back("accounts").verdict()); // SAFE, SAFE_AFTER_DRAIN or LOSSY
        // end
    }

    @Test
    void theReadmeShowsWhatIsCompiledHere() throws IOException {
        assertThat(Snippets.shown("README.md", ReadmeTest.class))
                .containsExactly("register", "move", "data", "gates", "sentinels");
    }

    @Test
    void thePageAboutTheCommandLineShowsHowAnApplicationTakesRequests(PostgresDatabase database) throws IOException {
        try (Bank bank = Bank.open(database);
                Requests requests = requests(bank.changeover, bank.pool, bank.legacyStore, bank.nextStore)) {
            database.execute("INSERT INTO changeover.request (repository, verb, arguments, reason)"
                    + " VALUES ('accounts', 'explain', '{\"key\": \"1\"}', 'a snippet')");
            Awaitility.await().until(() -> "DONE".equals(database.queryString("SELECT state FROM changeover.request")));
        }
        assertThat(Snippets.shown("docs/command-line.md", ReadmeTest.class)).containsExactly("requests");
    }

    private static Requests requests(
            Changeover changeover,
            DataSource pool,
            EntityStore<Long, Account> legacyStore,
            EntityStore<Long, Account> newStore) {
        // snippet: requests
        ComparedRepository<Long, Account> compared = ComparedRepository.of(
                        "accounts", KeyType.LONG, Account.class, Account::id)
                .legacy(legacyStore)
                .next(newStore)
                .build();
        Requests requests = changeover
                .requests()
                .handlers(ComparisonRequests.on(pool)
                        .of(compared)
                        .handlers(changeover)) // verify, repair, explain, maintain
                .start();
        // end
        return requests;
    }

    @Test
    void thePageAboutTheReportWorks(PostgresDatabase database, @TempDir Path directory) throws IOException {
        try (Bank bank = Bank.open(database)) {
            report(bank.changeover, bank.pool, directory);
            assertThat(directory.resolve("report.html")).content().contains(Bank.NAME);
        }
        assertThat(Snippets.shown("docs/report.md", ReadmeTest.class)).containsExactly("report");
    }

    private static void report(Changeover changeover, DataSource pool, Path directory) throws IOException {
        // snippet: report
        TransitionReport report = TransitionReport.read(pool) // the last day; read(pool, Duration.ofDays(7)) for a week
                .withGates(
                        List.of(changeover.gates().before("accounts", Stage.NEW_PRIMARY)),
                        List.of(changeover.gates().back("accounts")));
        Files.writeString(directory.resolve("report.html"), Reports.html(report)); // one page, for people
        Files.writeString(directory.resolve("report.md"), Reports.markdown(report)); // for a pull request
        Files.writeString(directory.resolve("report.json"), Reports.json(report)); // for programs
        Files.writeString(directory.resolve("report.xml"), Reports.junit(report)); // for a pipeline
        // end
    }

    @Test
    void theGuideToTestingShowsAContractThatRuns() throws IOException {
        assertThat(Snippets.shown("docs/testing.md", AccountsTransitionTest.class))
                .containsExactly("contract");
    }

    @Test
    void dataIsMovedAndCheckedAndLegacyRetiredAsTheReadmeShows() {
        try (PostgresDatabase database = filled();
                Bank bank = Bank.open(database)) {
            bank.changeover.stages().move("accounts", Stage.DUAL_WRITE, "alice", "new tables are there");
            data(bank.changeover, bank.pool, compared(bank));
            assertThat(database.queryLong("SELECT count(*) FROM fresh.account")).isEqualTo(10);
        }
    }

    private static PostgresDatabase filled() {
        PostgresDatabase database = PostgresDatabase.fresh()
                .script("dev/changeover/proof/accounts.sql")
                .open();
        database.execute("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 10) i");
        return database;
    }

    private static ComparedRepository<Long, Account> compared(Bank bank) {
        return ComparedRepository.of("accounts", KeyType.LONG, Account.class, Account::id)
                .legacy(bank.legacyStore)
                .next(bank.nextStore)
                .build();
    }

    private static void data(Changeover changeover, DataSource pool, ComparedRepository<Long, Account> compared) {
        // snippet: data
        changeover.backfill("accounts").preflight().lines().forEach(System.out::println); // what it would meet
        changeover
                .backfill("accounts")
                .workers(2)
                .niceRatio(0.5)
                .run(progress -> System.out.println(progress.rows() + " rows"));
        VerificationResult<Long> result =
                Verification.of(pool, compared).build().run();
        System.out.println(result.verdict() + " " + result.counts()); // MATCH, DIVERGED, INCOMPLETE or ERROR
        System.out.println(Repair.of(pool, compared).plan(result)); // what a repair would change, by key and field
        Retirement retirement = Retirement.of(pool, "accounts"); // months later
        System.out.println(retirement.gates(RetirementStep.RENAME).missing());
        System.out.println(retirement.script(RetirementStep.RENAME)); // the SQL, before anything is run
        // end
    }

    @Test
    void theGuideShowsAMaintenanceWindowThatWorks() throws IOException {
        try (PostgresDatabase database = filled();
                Bank bank = Bank.open(database)) {
            assertThat(maintenance(bank.changeover, bank.pool, compared(bank)).failure())
                    .isNull();
            assertThat(bank.changeover.stages().of("accounts").stage()).isEqualTo(Stage.NEW_PRIMARY);
        }
        assertThat(Snippets.shown("docs/guide.md", ReadmeTest.class)).containsExactly("maintenance");
    }

    private static MaintenanceResult maintenance(
            Changeover changeover, DataSource pool, ComparedRepository<Long, Account> compared) {
        // snippet: maintenance
        MaintenanceResult result = changeover
                .maintenance("accounts")
                .verifiedBy(() -> Verification.of(pool, compared).build().run().verdict() == Verdict.MATCH)
                .telling(step -> System.out.println(step.what()))
                .run("alice", "the announced window");
        // end
        return result;
    }
}
