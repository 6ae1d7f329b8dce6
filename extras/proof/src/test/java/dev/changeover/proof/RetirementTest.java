package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import dev.changeover.legacyadapter.retire.Restoration;
import dev.changeover.legacyadapter.retire.Retirement;
import dev.changeover.legacyadapter.retire.RetirementStep;
import dev.changeover.testkit.Guarantee;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end: legacy goes step by step, nothing of it goes by itself, and whoever still uses it is seen. */
class RetirementTest {

    private static final String RENAMED = "old.account_old";

    private static final String STATISTICS = " FROM pg_stat_all_tables WHERE relid = 'old.account'::regclass";

    @TempDir
    Path directory;

    private Scene scene;
    private Bank bank;
    private Retirement retirement;

    @BeforeEach
    void newLeadsAlone() {
        scene = Scene.bare("");
        HikariDataSource pool = scene.database.pool(8);
        bank = scene.bank(pool, Bank.Parts.DEFAULTS);
        bank.changeover.sentinels().install(Bank.NAME, Strangers.REFUSE, "test", "install");
        scene.to(Stage.NEW_PRIMARY);
        bank.accounts.save(new Account(1, "Ada", 5));
        bank.accounts.save(new Account(2, "Bea", 7));
        scene.sql("INSERT INTO changeover.verification (repository, epoch, verdict) VALUES ('accounts', 1, 'MATCH')");
        scene.to(Stage.NEW_ONLY);
        retirement = Retirement.of(scene.database.dataSource(), Bank.NAME);
        pool.getHikariPoolMXBean().softEvictConnections(); // a session that ends tells the statistics all that it did
        scene.await("the copies are counted", "SELECT (n_tup_ins >= 2)::integer" + STATISTICS);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private GateResult gate(RetirementStep step, String name) {
        return retirement.gates(step).results().stream()
                .filter(result -> result.gate().equals(name))
                .findAny()
                .orElseThrow();
    }

    /** All that was written down so far was so much earlier. */
    private void pass(Duration time) {
        scene.sql("""
                ALTER TABLE changeover.history DISABLE TRIGGER append_only;
                UPDATE changeover.history SET at = at - interval '{t}', evidence = CASE WHEN evidence ? 'startedAt' THEN
                    jsonb_set(evidence, '{startedAt}', to_jsonb((evidence ->> 'startedAt')::timestamptz - interval '{t}'))
                    ELSE evidence END;
                ALTER TABLE changeover.history ENABLE ALWAYS TRIGGER append_only;
                UPDATE changeover.verification SET started_at = started_at - interval '{t}',
                    updated_at = updated_at - interval '{t}';
                UPDATE changeover.legacy_use SET at = at - interval '{t}';
                UPDATE changeover.repository SET retired_at = retired_at - interval '{t}'""".replace("{t}", time.toSeconds() + " seconds"));
    }

    /** A look that is counted itself. */
    private void look() {
        String counted = "SELECT n_tup_ins FROM pg_stat_all_tables WHERE relid = 'changeover.legacy_use'::regclass";
        pass(Duration.ofMinutes(2));
        long before = scene.database.queryLong(counted);
        scene.awaitTrue("a look", retirement::look);
        scene.awaitTrue("this look is counted", () -> scene.database.queryLong(counted) > before);
    }

    private void backup() {
        retirement.backup(directory.resolve("backup"), "test", "before it goes");
        allIsCounted();
    }

    /** On PostgreSQL 14 the statistics of a session that has ended arrive some time after it. */
    private void allIsCounted() {
        AtomicLong last = new AtomicLong(-1);
        Awaitility.await("the statistics stand still")
                .atMost(Duration.ofSeconds(20))
                .during(Duration.ofSeconds(1))
                .until(() -> {
                    long uses = scene.database.queryLong("SELECT seq_scan + n_tup_ins" + STATISTICS);
                    return last.getAndSet(uses) == uses;
                });
    }

    /** In place of the verification of everything before legacy was left. */
    private void verifiedInstead(String... values) {
        scene.sql("UPDATE changeover.verification SET verdict = NULL");
        for (String each : values) {
            scene.sql("INSERT INTO changeover.verification (repository, epoch, verdict, changed_since, started_at)"
                    + " SELECT 'accounts', 1, " + each + ", min(started_at) + interval '1 microsecond'"
                    + " FROM changeover.verification");
        }
    }

    @Test
    void aVerificationOfSomeKeysIsNoneBeforeTheEnd() {
        assertThat(gate(RetirementStep.RENAME, "verified before").verdict()).isEqualTo(Verdict.PASS);
        verifiedInstead("'MATCH', 1");
        assertThat(gate(RetirementStep.RENAME, "verified before").verdict()).isNotEqualTo(Verdict.PASS);
        verifiedInstead("'MATCH', NULL", "'MATCH', 1");
        assertThat(gate(RetirementStep.RENAME, "verified before").verdict()).isEqualTo(Verdict.PASS);
        verifiedInstead("'MATCH', NULL", "'DIVERGED', 1");
        assertThat(gate(RetirementStep.RENAME, "verified before").verdict()).isEqualTo(Verdict.FAIL);
    }

    private void unusedForEightDays() {
        look();
        pass(Duration.ofDays(8));
        look();
    }

    @Test
    @Guarantee("G8")
    void legacyGoesStepByStep() {
        backup();
        unusedForEightDays();
        assertThat(retirement.gates(RetirementStep.RENAME).missing()).isEmpty();
        assertThat(retirement.script(RetirementStep.RENAME)).contains("CREATE VIEW old.account");
        retirement.run(RetirementStep.RENAME, "ann", "nobody uses it");
        assertThat(retirement.tables()).containsExactly("\"old\".\"account_old\"");
        assertThat(scene.database.queryString("SELECT changeover.asleep(number)::text FROM changeover.repository"))
                .as("sentinels go with their table")
                .isNull();
        assertThatThrownBy(() -> scene.sql("UPDATE old.account SET balance = 9 WHERE id = 1"))
                .as("and refuse who writes it by its old name")
                .hasStackTraceContaining("is led by new now");
        assertThat(retirement.gates(RetirementStep.DROP).missing()).contains("renamed", "Wait");

        pass(Duration.ofDays(8));
        look();
        assertThat(retirement.gates(RetirementStep.DROP).missing()).isEmpty();
        assertThat(retirement.script(RetirementStep.DROP)).contains("DROP VIEW", "DROP TABLE", "DROP TRIGGER");
        retirement.run(RetirementStep.DROP, "ann", "nobody missed it");

        assertThat(scene.database.queryString("SELECT to_regclass('" + RENAMED + "')::text"))
                .isNull();
        assertThat(scene.database.queryLong("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'changeover\\_%'"))
                .isZero();
        assertThat(scene.database.queryStrings("SELECT concat_ws(' ', action, before, after) FROM changeover.history"
                        + " WHERE action IN ('BACKUP', 'RETIRE') ORDER BY id"))
                .containsExactly(
                        "BACKUP " + directory.resolve("backup").toAbsolutePath(), "RETIRE VIEW", "RETIRE VIEW DROPPED");
        anInstanceThatHasItGoesOnAndCannotGoBack();
        theRepositoryGoesWhenNobodyHasIt();
    }

    private void anInstanceThatHasItGoesOnAndCannotGoBack() {
        bank.accounts.save(new Account(3, "Cid", 1));
        assertThat(bank.accounts.find(3)).isPresent();
        assertThatThrownBy(() -> scene.to(Stage.NEW_PRIMARY))
                .isInstanceOf(MoveRefusedException.class)
                .hasMessageContaining("legacy was dropped at")
                .hasMessageContaining("backup");
        try (Bank again = Bank.open(scene.database)) {
            assertThat(again.accounts.find(3)).as("an instance that starts now").isPresent();
        }
    }

    private void theRepositoryGoesWhenNobodyHasIt() {
        assertThatThrownBy(() -> retirement.run(RetirementStep.FORGET, "ann", "over"))
                .hasMessageContaining("still have it");
        bank.changeover.close();
        scene.sql("UPDATE changeover.instance SET lease_until = clock_timestamp()");
        retirement.run(RetirementStep.FORGET, "ann", "over");
        assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.repository"))
                .isZero();
        assertThat(scene.database.queryLong("SELECT count(*) FROM changeover.history WHERE action = 'FORGET'"))
                .isEqualTo(1);
    }

    @Test
    void whoReadsLegacyIsSeen() {
        unusedForEightDays();
        assertThat(gate(RetirementStep.RENAME, "legacy unused").verdict()).isEqualTo(Verdict.PASS);
        long scans = scene.database.queryLong("SELECT seq_scan" + STATISTICS);
        scene.sql("SELECT count(*) FROM old.account");
        scene.await("the scan is counted", "SELECT (seq_scan > " + scans + ")::integer" + STATISTICS);
        look();
        GateResult read = gate(RetirementStep.RENAME, "legacy unused");
        assertThat(read.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(read.value()).contains("read between");
        assertThat(read.until()).isAfter(Instant.now().plus(Duration.ofDays(6)));
        assertThatThrownBy(() -> retirement.run(RetirementStep.RENAME, "ann", "why"))
                .isInstanceOf(GateNotMetException.class)
                .hasMessageContaining("legacy unused");

        pass(Duration.ofDays(8));
        assertThat(gate(RetirementStep.RENAME, "legacy unused").verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void whoReadsTheViewIsSeenBehindIt() {
        backup();
        unusedForEightDays();
        retirement.run(RetirementStep.RENAME, "ann", "nobody uses it");
        scene.sql("SELECT * FROM old.account WHERE id = 1");
        pass(Duration.ofDays(1));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> gate(RetirementStep.DROP, "legacy unused").value().contains("times read"));
        retirement.run(RetirementStep.BACK, "ann", "somebody does");
        assertThat(retirement.tables()).containsExactly("\"old\".\"account\"");
        assertThat(scene.database.queryString("SELECT retired FROM changeover.repository"))
                .isNull();
        bank.changeover.sentinels().install(Bank.NAME, Strangers.REFUSE, "test", "as before");
    }

    @Test
    void aResetOfTheStatisticsIsNoProof() {
        unusedForEightDays();
        scene.sql("SELECT count(*) FROM old.account; SELECT pg_stat_reset()");
        scene.awaitTrue(
                "the reset is seen",
                () -> gate(RetirementStep.RENAME, "legacy unused").verdict() == Verdict.UNKNOWN);
        look();
        GateResult reset = gate(RetirementStep.RENAME, "legacy unused");
        assertThat(reset.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(reset.value()).contains("reset");
        pass(Duration.ofDays(8));
        look();
        assertThat(gate(RetirementStep.RENAME, "legacy unused").verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void nothingIsProvedByNotHavingLooked() {
        assertThat(gate(RetirementStep.RENAME, "legacy unused").verdict()).isEqualTo(Verdict.UNKNOWN);
        look();
        pass(Duration.ofDays(3));
        GateResult young = gate(RetirementStep.RENAME, "legacy unused");
        assertThat(young.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(young.value()).contains("unused for 3 d");
        assertThat(young.until())
                .isBetween(Instant.now().plus(Duration.ofDays(3)), Instant.now().plus(Duration.ofDays(5)));
    }

    @Test
    void whatTheLibraryAndTheServerReadIsNoUse() {
        unusedForEightDays();
        backup();
        scene.sql("ANALYZE old.account");
        scene.sql("VACUUM old.account");
        look();
        GateResult unused = gate(RetirementStep.RENAME, "legacy unused");
        assertThat(unused.verdict()).isEqualTo(Verdict.PASS);
        assertThat(unused.value()).contains("the library itself read it");
    }

    @Test
    void whatDependsOnTheTablesIsNamedAndNeverDropped() {
        backup();
        scene.sql("CREATE VIEW public.rich AS SELECT id FROM old.account WHERE balance > 5;"
                + " CREATE TABLE public.note (account bigint REFERENCES old.account)");
        assertThat(gate(RetirementStep.DROP, "dependents").value()).contains("view public.rich", "table public.note");
        Retirement all = retirement.overridingGates();
        all.run(RetirementStep.RENAME, "ann", "why");
        assertThat(gate(RetirementStep.DROP, "dependents").value())
                .contains("public.rich")
                .doesNotContain("old.account ");
        assertThatThrownBy(() -> all.run(RetirementStep.DROP, "ann", "why"))
                .isInstanceOf(MoveRefusedException.class)
                .hasMessageContaining("public.rich");
        assertThat(scene.database.queryLong("SELECT count(*) FROM old.account")).isEqualTo(2);
        assertThat(scene.database.queryString("SELECT retired FROM changeover.repository"))
                .isEqualTo("VIEW");
        scene.sql("DROP VIEW public.rich; DROP TABLE public.note");
        all.run(RetirementStep.DROP, "ann", "why");
        assertThat(scene.database.queryString(
                        "SELECT evidence ->> 'overridden' FROM changeover.history" + " WHERE after = 'DROPPED'"))
                .isEqualTo("true");
    }

    @Test
    @Guarantee("G8")
    void whileLegacyIsInUseNothingGoes() {
        scene.to(Stage.NEW_PRIMARY);
        assertThatThrownBy(() -> retirement.run(RetirementStep.RENAME, "ann", "why"))
                .isInstanceOf(GateNotMetException.class)
                .hasMessageContaining("new alone");
        for (RetirementStep step : List.of(RetirementStep.RENAME, RetirementStep.DROP)) {
            assertThatThrownBy(() -> retirement.overridingGates().run(step, "ann", "why"))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("legacy is in use");
        }
        assertThat(scene.database.queryLong("SELECT count(*) FROM old.account")).isEqualTo(2);
        assertThatThrownBy(() -> retirement.run(RetirementStep.FORGET, "ann", "why"))
                .hasMessageContaining("not retired");
    }

    @Test
    @Guarantee("G8")
    void withoutAViewTheWayBackIsClosedUntilTheNamesAreBack() {
        backup();
        retirement.overridingGates().run(RetirementStep.RENAME_BARE, "ann", "why");
        assertThatThrownBy(() -> scene.to(Stage.NEW_PRIMARY)).hasMessageContaining("legacy was renamed");
        retirement.run(RetirementStep.BACK, "ann", "why");
        scene.to(Stage.NEW_PRIMARY);
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G8")
    void afterTheDropTheBackupOpensTheWayBackAndAReseedBringsWhatItLacks() {
        backup();
        Retirement all = retirement.overridingGates();
        all.run(RetirementStep.RENAME, "ann", "why");
        all.run(RetirementStep.DROP, "ann", "why");
        bank.accounts.save(new Account(2, "Bea", 9));
        bank.accounts.save(new Account(3, "Cid", 1));
        Restoration restoration = Restoration.of(scene.database.dataSource(), Bank.NAME, directory.resolve("backup"));
        assertThatThrownBy(() -> restoration.run("ann", "we need the old reports"))
                .isInstanceOf(MoveRefusedException.class)
                .hasMessageContaining("lacks what was written since");
        assertThatThrownBy(() -> scene.to(Stage.NEW_PRIMARY)).hasMessageContaining("legacy was dropped");

        restoration.withoutLaterWrites().run("ann", "we need the old reports");
        assertThat(scene.balances(2)).as("legacy as it was, new as it is").isEqualTo("7 9");
        scene.to(Stage.NEW_PRIMARY);
        bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
        bank.changeover.backfill(Bank.NAME).acceptUnverified("test", "compared below");
        scene.drain();
        assertThat(scene.differences()).isZero();
        bank.accounts.save(new Account(4, "Dan", 2));
        scene.to(Stage.RAMP);
        assertThat(scene.balances(4)).as("legacy leads again").isEqualTo("2 2");
    }
}
