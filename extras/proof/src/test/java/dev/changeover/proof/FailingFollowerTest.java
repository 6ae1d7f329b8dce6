package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.EntityStore;
import dev.changeover.core.MarkFailedException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the follower, the caller's write stands, costs a bounded time and leaves no trace but a mark. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class FailingFollowerTest {

    private static final FollowerLimits LIMITS = new FollowerLimits(20, 20, 300);
    private static final String SETTINGS = "SELECT concat_ws(' ', current_setting('lock_timeout'),"
            + " current_setting('statement_timeout'), current_setting('row_security'))";

    private final PostgresDatabase database;
    private final Probe probe = new Probe();
    private Bank bank;

    FailingFollowerTest(PostgresDatabase database) {
        this.database = database;
    }

    /** What is wrong with the follower, and how it is mended. */
    enum Fault {
        MISSING("ALTER TABLE fresh.account RENAME TO away", "ALTER TABLE fresh.away RENAME TO account", "FAILED"),
        DENIED("REVOKE ALL ON fresh.account FROM app", "GRANT ALL ON fresh.account TO app", "FAILED"),
        READ_ONLY("REVOKE INSERT, UPDATE ON fresh.account FROM app", "GRANT ALL ON fresh.account TO app", "FAILED"),
        HIDDEN_ROWS(
                "ALTER TABLE fresh.account ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE fresh.account DISABLE ROW LEVEL SECURITY",
                "FAILED"),
        COLUMN_GONE(
                "ALTER TABLE fresh.account RENAME balance TO away",
                "ALTER TABLE fresh.account RENAME away TO balance",
                "FAILED"),
        REFUSING(
                "ALTER TABLE fresh.account ADD CONSTRAINT none CHECK (balance < 0) NOT VALID",
                "ALTER TABLE fresh.account DROP CONSTRAINT none",
                "FAILED"),
        REFUSING_AT_COMMIT(
                "INSERT INTO fresh.account VALUES (-1, 'taken', 1, 'open')",
                "DELETE FROM fresh.account WHERE id = -1",
                "FAILED"),
        SLOW(
                "CREATE FUNCTION fresh.doze() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_sleep(30); RETURN new; END';"
                        + "CREATE TRIGGER doze BEFORE INSERT OR UPDATE ON fresh.account FOR EACH ROW"
                        + " EXECUTE FUNCTION fresh.doze()",
                "DROP FUNCTION fresh.doze CASCADE",
                "FAILED");

        final String breaking;
        final String mending;
        final String reason;

        Fault(String breaking, String mending, String reason) {
            this.breaking = breaking;
            this.mending = mending;
            this.reason = reason;
        }
    }

    @BeforeEach
    void open() {
        database.execute("""
                DROP SCHEMA IF EXISTS changeover CASCADE; TRUNCATE old.account, fresh.account;
                DROP ROLE IF EXISTS app; CREATE ROLE app; GRANT ALL ON SCHEMA old, fresh TO app;
                GRANT ALL ON old.account, fresh.account TO app;
                ALTER TABLE old.account DROP CONSTRAINT IF EXISTS one_name;
                ALTER TABLE old.account ADD CONSTRAINT one_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED;
                ALTER TABLE fresh.account DROP CONSTRAINT IF EXISTS one_label;
                ALTER TABLE fresh.account ADD CONSTRAINT one_label UNIQUE (label) DEFERRABLE INITIALLY DEFERRED""");
        database.execute(ControlSchema.ddl());
        database.execute(ControlSchema.grants("app"));
        bank = bank(database.pool(Sources.after(database.dataSource(), "SET ROLE app"), 12));
        bank.to(Stage.DUAL_WRITE).changeover.drain().pause();
    }

    private Bank bank(DataSource pool) {
        return Bank.open(
                pool,
                Bank.Parts.DEFAULTS
                        .withLegacy(Watched.as(Accounts.class, "legacy", probe))
                        .withNextStore(Watched.as(EntityStore.class, "new", probe))
                        .withBuilder(builder -> builder.limits(LIMITS)));
    }

    @AfterEach
    void close() {
        bank.close();
        database.execute("DROP OWNED BY app");
    }

    @ParameterizedTest
    @EnumSource
    @Guarantee("G1")
    @Guarantee("G3")
    @FailureRow(value = FailureRow.FOLLOWER, stages = Stage.DUAL_WRITE)
    void theWriteStandsAndIsMarkedAndTheCallersSettingsAreAsBefore(Fault fault) throws SQLException {
        database.execute(fault.breaking);
        long start = System.nanoTime();
        bank.inTransaction(() -> {
            execute("SET LOCAL lock_timeout = '7s'; SET LOCAL statement_timeout = '9s'; SET LOCAL row_security = on");
            assertThat(bank.accounts.save(new Account(1, "taken", 5))).isEqualTo(new Account(1, "taken", 5));
            assertThat(read(SETTINGS)).isEqualTo("7s 9s on");
            return true;
        });
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(bank.legacy.find(1)).isPresent();
        assertThat(bank.events.marks).containsExactly(fault.reason);
        assertThat(marks()).isOne();
        assertThat(took).isLessThan(Duration.ofMillis(LIMITS.statementTimeout() + 2_000L));
        database.execute(fault.mending);
        mended();
    }

    /** A role that may not read others' statistics sees their process ids, and not since when they are open. */
    @Test
    @Guarantee("G4")
    void aMoveThatGivesUpNamesAHolderWhomItsRoleMayNotLookAt() throws SQLException {
        try (Connection other = database.connection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock_shared(1128813414, number) FROM changeover.repository");
            assertThatThrownBy(() -> bank.changeover.stages().move(Bank.NAME, Stage.SHADOW, "test", "in the way"))
                    .isInstanceOf(MoveRefusedException.class)
                    .hasMessageContaining("open transactions hold the fence: pid ");
            assertThat(bank.changeover.status())
                    .singleElement()
                    .satisfies(status -> assertThat(status.inTheWay()).contains("pid "));
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G3")
    @FailureRow(value = FailureRow.FOLLOWER, stages = Stage.DUAL_WRITE)
    void aLockOnTheFollowersTableCostsTheLimitAndAMark() throws SQLException {
        try (Connection other = database.connection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE fresh.account IN ACCESS EXCLUSIVE MODE");
            bank.accounts.save(new Account(1, "a", 5));
            assertThat(bank.events.marks).containsExactly("LOCKED");
        }
        mended();
    }

    @Test
    @Guarantee("G3")
    @FailureRow(value = FailureRow.FOLLOWER, stages = Stage.DUAL_WRITE)
    void anErrorOfTheFollowerDoesNotReachTheCaller() throws SQLException {
        probe.throwAt("new.upsert", () -> new StackOverflowError("deep"));
        probe.throwAt("new.upsert done", () -> new java.io.IOException("checked, out of nowhere"));
        bank.accounts.save(new Account(1, "a", 5));
        bank.accounts.save(new Account(2, "b", 5));
        assertThat(bank.events.marks).containsExactly("FAILED", "FAILED");
        mended();
    }

    @Test
    @Guarantee("G3")
    void aWriteThatIsFollowedLeavesTheCallersSettingsAndConstraintsAlone() throws SQLException {
        bank.inTransaction(() -> {
            execute("SET LOCAL lock_timeout = '7s'; SET LOCAL statement_timeout = '9s'; SET LOCAL row_security = on");
            execute("INSERT INTO old.account VALUES (8, 'same', 1), (9, 'same', 1)"); // mended before the commit
            bank.accounts.save(new Account(1, "a", 5));
            assertThat(read(SETTINGS)).isEqualTo("7s 9s on");
            execute("INSERT INTO fresh.account VALUES (8, 'a', 1, 'open')"); // the constraint is deferred as before
            execute("DELETE FROM old.account WHERE id IN (8, 9); DELETE FROM fresh.account WHERE id = 8");
            return true;
        });
        assertThat(bank.events.marks).isEmpty();
        assertThat(WalkTest.differences(database)).isZero();
    }

    @Test
    @Guarantee("G3")
    @FailureRow(value = FailureRow.FOLLOWER, stages = Stage.DUAL_WRITE)
    void aFollowerThatGoesOnFailingIsLeftAloneAndItsKeysAreMarked() throws SQLException {
        database.execute(Fault.REFUSING.breaking);
        for (int i = 0; i < 30; i++) {
            bank.accounts.save(new Account(i, "n" + i, 5));
        }
        assertThat(bank.events.marks).contains("FAILED", "BREAKER").hasSize(30);
        assertThat(probe.hits("new.upsert")).isBetween(20L, 29L);
        database.execute(Fault.REFUSING.mending);
        mended();
    }

    @Test
    @Guarantee("G3")
    void manyWritesOfOneTransactionAreMarkedInsteadOfNeverEndingSavepoints() throws SQLException {
        bank.inTransaction(() -> {
            for (int i = 0; i < 60; i++) {
                bank.accounts.save(new Account(i, "n" + i, 5));
            }
            return true;
        });
        assertThat(bank.events.marks).containsOnly("MANY_PARTS").hasSize(10);
        mended();
    }

    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ})
    @Guarantee("G1")
    @FailureRow(value = FailureRow.FOLLOWER, stages = Stage.DUAL_WRITE)
    void ifNotEvenTheMarkCanBeWrittenTheCallFailsAndTheTransactionCannotCommit(int isolation) {
        withoutMarks();
        database.execute(Fault.REFUSING.breaking);
        List<Throwable> seen = new ArrayList<>();
        assertThatThrownBy(() -> bank.inTransaction(isolated(isolation), () -> {
                    try {
                        bank.accounts.save(new Account(1, "a", 5));
                    } catch (MarkFailedException e) {
                        seen.add(e); // a caller who swallows it
                    }
                    return true;
                }))
                .hasMessageContaining("roll");
        assertThat(seen).hasSize(1);
        assertThat(bank.legacy.find(1)).isEmpty();
        assertThat(bank.next.find(1)).isEmpty();
        database.execute(Fault.REFUSING.mending + "; DROP FUNCTION public.no_marks CASCADE");
    }

    @Test
    @Guarantee("G1")
    @FailureRow(value = FailureRow.THROWS, stages = Stage.DUAL_WRITE)
    void whatTheAuthorityWroteBeforeItThrewIsMarked() throws SQLException {
        RuntimeException thrown = new IllegalStateException("after writing");
        probe.throwAt("legacy.save done", () -> thrown);
        bank.inTransaction(() -> {
            assertThatThrownBy(() -> bank.accounts.save(new Account(1, "a", 5))).isSameAs(thrown);
            return true;
        });
        assertThat(bank.legacy.find(1)).isPresent();
        assertThat(bank.events.marks).containsExactly("AUTHORITY_THREW");
        mended();
    }

    @Test
    @Guarantee("G1")
    @FailureRow(value = FailureRow.THROWS, stages = Stage.DUAL_WRITE)
    void whatTheAuthorityWroteBeforeItThrewCannotCommitIfItCannotBeMarked() {
        withoutMarks();
        probe.throwAt("legacy.save done", () -> new IllegalStateException("after writing"));
        assertThatThrownBy(() -> bank.inTransaction(() -> {
                    assertThatThrownBy(() -> bank.accounts.save(new Account(1, "a", 5)))
                            .isInstanceOf(IllegalStateException.class);
                    return true;
                }))
                .hasMessageContaining("roll");
        assertThat(bank.legacy.find(1)).isEmpty();
        database.execute("DROP FUNCTION public.no_marks CASCADE");
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G3")
    @FailureRow(value = FailureRow.FOLLOWER, stages = Stage.DUAL_WRITE)
    void aWriteNeedsNoSecondConnection() throws Exception {
        bank.close();
        DataSource pool = database.pool(Sources.after(database.dataSource(), "SET ROLE app"), 2);
        bank = bank(pool);
        bank.changeover.drain().pause();
        probe.throwAt("new.upsert", () -> new IllegalStateException("marked, please"));
        try (Connection taken = pool.getConnection()) {
            bank.inTransaction(() -> {
                bank.accounts.save(new Account(1, "a", 5));
                bank.accounts.save(new Account(2, "b", 5));
                return true;
            });
            assertThat(taken.isClosed()).isFalse();
        }
        assertThat(bank.events.marks).containsExactly("FAILED");
        mended();
    }

    private void withoutMarks() {
        database.execute("CREATE FUNCTION public.no_marks() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN RAISE EXCEPTION $$disk full$$ USING ERRCODE = $$53100$$; END';"
                + "CREATE TRIGGER no_marks BEFORE INSERT ON changeover.mark FOR EACH STATEMENT"
                + " EXECUTE FUNCTION public.no_marks()");
    }

    /** Once the fault is gone, the drain brings the follower to the same state. */
    private void mended() {
        bank.changeover.drain().resume();
        assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(20)))
                .isTrue();
        assertThat(WalkTest.differences(database)).isZero();
    }

    private long marks() {
        return database.queryLong("SELECT count(*) FROM changeover.mark");
    }

    private static TransactionSettings isolated(int isolation) {
        return new TransactionSettings(
                TransactionSettings.Propagation.REQUIRED, isolation, null, false, failure -> true);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = bank.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    private String read(String sql) throws SQLException {
        try (Statement statement = bank.connection().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
