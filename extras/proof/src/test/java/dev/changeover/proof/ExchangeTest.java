package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.testkit.Guarantee;
import org.junit.jupiter.api.Test;

/** Keys that exchange a unique value: none of them can be copied alone. */
class ExchangeTest {

    private static final String UNIQUE = "ALTER TABLE fresh.account ADD deleted_at timestamptz;"
            + " CREATE UNIQUE INDEX one_label ON fresh.account (label) WHERE deleted_at IS NULL;";

    private static EntityStore<Long, Account> softDeleting(EntityStore<Long, Account> usual) {
        return JdbcStore.table("fresh", "account", KeyType.LONG, "id")
                .columns("label", "balance", "state")
                .softDeletedBy("deleted_at")
                .entity(
                        Account::id,
                        row -> new Account(
                                row.longValue("id"), row.text("label"), row.longValue("balance"), row.text("state")),
                        (account, row) -> {
                            row.set("label", account.name());
                            row.set("balance", account.balance());
                            row.set("state", account.state());
                        });
    }

    /** Three keys pass their names on in a circle; a fourth is deleted. Returns what new has in the end. */
    private static String exchange(Scene scene) {
        Bank bank = scene.to(Stage.DUAL_WRITE).bank();
        String[] names = {"x", "y", "z", "gone"};
        for (int i = 0; i < names.length; i++) {
            bank.accounts.save(new Account(i + 1, names[i], 1));
        }
        scene.sql("UPDATE fresh.account SET note = 'note ' || id");
        bank.inTransaction(() -> {
            for (int i = 0; i < 3; i++) {
                bank.accounts.save(new Account(i + 1, names[(i + 1) % 3], 2));
            }
            return null;
        });
        scene.marked(() -> bank.accounts.delete(4));
        assertThat(bank.events.marks).containsExactly("FAILED", "FAILED", "FAILED", "ISOLATION");
        scene.drain();
        return scene.database.queryString(
                "SELECT string_agg(concat_ws(' ', id, label, balance, note), ', ' ORDER BY id)"
                        + " FROM fresh.account WHERE deleted_at IS NULL");
    }

    @Test
    @Guarantee("G2")
    void softlyDeletedRowsStepAsideAndKeepWhatIsTheirOwn() {
        try (Scene scene = Scene.bare(UNIQUE)) {
            scene.bank(Bank.Parts.DEFAULTS.withNextStore(ExchangeTest::softDeleting));
            assertThat(exchange(scene)).isEqualTo("1 y 2 note 1, 2 z 2 note 2, 3 x 2 note 3");
            assertThat(scene.marks()).isZero();
        }
    }

    @Test
    @Guarantee("G1")
    void aTableWithTriggersIsLeftAlone() {
        try (Scene scene = Scene.bare(
                UNIQUE
                        + "CREATE FUNCTION fresh.cascade() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
                        + "CREATE TRIGGER cascade AFTER UPDATE ON fresh.account FOR EACH ROW EXECUTE FUNCTION fresh.cascade()")) {
            scene.bank(Bank.Parts.DEFAULTS.withNextStore(ExchangeTest::softDeleting));
            assertThat(exchange(scene)).isEqualTo("1 x 1 note 1, 2 y 1 note 2, 3 z 1 note 3");
            assertThat(scene.marks()).isEqualTo(3);
        }
    }

    @Test
    @Guarantee("G1")
    void rowsThatAreDeletedDoNotStepAside() {
        try (Scene scene = Scene.bare(UNIQUE)) {
            scene.bank(Bank.Parts.DEFAULTS);
            assertThat(exchange(scene)).isEqualTo("1 x 1 note 1, 2 y 1 note 2, 3 z 1 note 3");
            assertThat(scene.marks()).isEqualTo(3);
        }
    }
}
