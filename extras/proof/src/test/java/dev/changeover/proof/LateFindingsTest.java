package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hostile reading of the protocol found: each is a schedule that lost a write, or stopped all instances. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class LateFindingsTest {

    private static final String NO_CHECK = "CREATE OR REPLACE FUNCTION changeover.require_read_committed()"
            + " RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$";

    private final PostgresDatabase database;

    LateFindingsTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void clear() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE; TRUNCATE old.account, fresh.account");
    }

    private String moveUnderAnOldSnapshot(String protocol) throws SQLException {
        database.execute("INSERT INTO old.account VALUES (1, 'one', 1), (2, 'two', 2)");
        try (Bank bank = Bank.open(database).to(Stage.RAMP).percent(100);
                Connection mover = database.connection();
                Statement statement = mover.createStatement()) {
            database.execute(protocol);
            bank.changeover.drain().pause();
            mover.setAutoCommit(false);
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            statement.executeQuery("SELECT count(*) FROM changeover.mark").close();
            database.execute("SELECT changeover.mark(number, '{1}', 'LEGACY', 'TEST') FROM changeover.repository");
            statement.execute("SELECT changeover.move('accounts', 'NEW_PRIMARY', 'go')");
            mover.commit();
            return bank.changeover.stages().of(Bank.NAME).stage().name();
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    void aMoveUnderAnOldSnapshotIsRefusedSinceItCannotSeeTheLastMarks() {
        assertThatThrownBy(() -> moveUnderAnOldSnapshot("SELECT"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("CO020"));
    }

    @Test
    void withoutThatCheckTheAuthorityMovesOverAnOpenMark() throws SQLException {
        assertThat(moveUnderAnOldSnapshot(NO_CHECK)).isEqualTo("NEW_PRIMARY");
        assertThat(database.queryLong("SELECT count(*) FROM changeover.mark")).isOne();
    }

    @Test
    @Guarantee("G8")
    void aStampGoesOnlyWithAJobThatHasFinished() {
        Bank.open(database).close();
        database.execute("UPDATE changeover.repository SET stage = 'DUAL_WRITE', stale = 'NEW'");
        assertThatThrownBy(
                        () -> database.execute(
                                "SELECT changeover.settle(number, epoch, 'RESEEDED', 'me', 'why', true) FROM changeover.repository"))
                .hasStackTraceContaining("no finished job says RESEEDED");
    }

    @Test
    @Guarantee("G5")
    @FailureRow(
            value = FailureRow.MISSED,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void allReadsOfAUnitAreServedByOneSideThoughItsInstanceMissedAMove() {
        database.execute("INSERT INTO old.account VALUES (1, 'one', 1), (2, 'two', 2)");
        Settings seldom = Settings.DEFAULTS.withLease(Duration.ofMinutes(10));
        try (Bank bank = Bank.open(database, Bank.Parts.DEFAULTS.withSettings(seldom))) {
            bank.to(Stage.RAMP).percent(100);
            database.execute("SELECT changeover.move('accounts', 'NEW_PRIMARY', 'by another instance')");
            bank.events.served.clear();
            bank.inTransaction(() -> {
                bank.accounts.find(1);
                return bank.accounts.find(2);
            });
            assertThat(bank.events.served).containsExactly("find NEW", "find NEW");
        }
    }

    @Test
    void aKeyThatIsListedTwiceStopsNobody() {
        try (Bank bank = Bank.open(database)) {
            bank.changeover.stages().routeLists(Bank.NAME, List.of("1", "1"), List.of(), "me", "a slip");
            assertThat(bank.changeover.stages().of(Bank.NAME).allow()).containsExactly("1");
        }
    }
}
