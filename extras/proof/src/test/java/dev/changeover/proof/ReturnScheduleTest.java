package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTable;
import dev.changeover.testkit.Guarantee;
import org.junit.jupiter.api.Test;

/** Schedules of going back. */
class ReturnScheduleTest {

    @Test
    @Guarantee("G2")
    @Guarantee("G8")
    @Counterexample("stale-return")
    void aSideThatMissedWritesComesBackByAReseedAlone() {
        try (Scene scene = Scene.open()) {
            Bank bank = leaveAndComeBack(scene, "");
            assertThatThrownBy(() -> bank.changeover.backfill(Bank.NAME).run(progress -> {}))
                    .isInstanceOf(ChangeoverException.class)
                    .hasMessageContaining("stale");
            bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
            scene.drain();
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Counterexample(value = "stale-return", mutant = true)
    void withoutTheStampAPlainBackfillLeavesStaleAndDeletedRows() {
        try (Scene scene = Scene.open()) {
            Bank bank = leaveAndComeBack(scene, "UPDATE changeover.repository SET stale = NULL");
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
            scene.drain();
            assertThat(scene.balances(1)).isEqualTo("5 1");
            assertThat(scene.balances(2)).isEqualTo("- 1");
            assertThat(scene.marks()).isZero();
        }
    }

    private static Bank leaveAndComeBack(Scene scene, String meanwhile) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        bank.accounts.save(new Account(1, "a", 1));
        bank.accounts.save(new Account(2, "b", 1));
        scene.to(Stage.LEGACY_ONLY);
        bank.accounts.save(new Account(1, "a", 5));
        bank.accounts.delete(2);
        if (!meanwhile.isEmpty()) {
            scene.sql(meanwhile);
        }
        scene.to(Stage.DUAL_WRITE);
        return bank;
    }

    @Test
    @Guarantee("G8")
    @Counterexample("lossy-way-back")
    void anEditUnderTheNewAuthorityKeepsWhatLegacyTellsApart() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withLegacyStore(store -> twoStatesMeanOpen(true)))) {
            assertThat(editUnderTheNewAuthority(scene)).isEqualTo("9 waiting");
        }
    }

    @Test
    @Counterexample(value = "lossy-way-back", mutant = true)
    void aLossyMappingThatIsNotDeclaredDestroysThatOnTheWayBack() {
        try (Scene scene = Scene.open(Bank.Parts.DEFAULTS.withLegacyStore(store -> twoStatesMeanOpen(false)))) {
            assertThat(editUnderTheNewAuthority(scene)).isEqualTo("9 created");
        }
    }

    private static String editUnderTheNewAuthority(Scene scene) {
        scene.sql("INSERT INTO old.account VALUES (1, 'a', 1, 'waiting')");
        Bank bank = scene.to(Stage.NEW_PRIMARY).bank();
        bank.accounts.save(new Account(1, "a", 9));
        assertThat(scene.marks()).isZero();
        return scene.database.queryString("SELECT balance || ' ' || state FROM old.account WHERE id = 1");
    }

    /** Legacy tells "waiting" and "created" apart, where new has only "open". */
    private static EntityStore<Long, Account> twoStatesMeanOpen(boolean declared) {
        JdbcTable<Long> table =
                JdbcStore.table("old", "account", KeyType.LONG, "id").columns("name", "balance", "state");
        return (declared ? table.lossy("state") : table)
                .entity(
                        Account::id,
                        row -> new Account(row.longValue("id"), row.text("name"), row.longValue("balance")),
                        (account, row) -> {
                            row.set("name", account.name());
                            row.set("balance", account.balance());
                            row.set("state", "created");
                        });
    }
}
