package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** One repository through all stages and back. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class WalkTest {

    @Test
    @Guarantee("G2")
    @Guarantee("G8")
    void bothSidesAreEqualAfterEveryStageForwardAndBack(PostgresDatabase database) {
        database.execute("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 2000) i");
        try (Bank bank = Bank.open(database)) {
            long id = 10_000;
            for (Stage stage : EnumSet.range(Stage.DUAL_WRITE, Stage.NEW_PRIMARY)) {
                bank.to(stage);
                write(bank, id++);
            }
            for (Stage stage : new Stage[] {Stage.RAMP, Stage.SHADOW, Stage.RAMP, Stage.NEW_PRIMARY}) {
                bank.to(stage);
                write(bank, id++);
            }
            assertThat(bank.events.marks).isEmpty();
            assertThat(bank.events.failures).isEmpty();
            assertThat(differences(database)).isZero();
            bank.to(Stage.NEW_ONLY);
            bank.accounts.save(new Account(id, "last", 1));
            assertThat(bank.accounts.find(id)).isPresent();
            assertThat(bank.legacy.find(id)).isEmpty();
        }
    }

    private static void write(Bank bank, long id) {
        bank.accounts.save(new Account(id, "n" + id, 5));
        bank.accounts.add(id, 7);
        bank.accounts.add(id % 1000 + 1, 1);
        bank.accounts.delete(id % 1000 + 500);
        assertThat(bank.accounts.find(id))
                .hasValueSatisfying(a -> assertThat(a.balance()).isEqualTo(12));
    }

    static long differences(PostgresDatabase database) {
        return database.queryLong("SELECT count(*) FROM old.account o FULL JOIN fresh.account n USING (id)"
                + " WHERE (o.name, o.balance, o.state) IS DISTINCT FROM (n.label, n.balance, n.state)");
    }
}
