package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.shadowcompare.DivergenceGroup;
import dev.changeover.shadowcompare.InMemoryDivergenceLog;
import dev.changeover.shadowcompare.Outcome;
import dev.changeover.shadowcompare.WriteChecks;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A sampled write is read back from both sides before its commit, and nothing of that reaches its caller. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
@Guarantee("G3")
@Guarantee("G6")
class WriteCheckTest {
    /** On a busy machine a copy may well take longer than by default. */
    private static final FollowerLimits LIMITS = new FollowerLimits(200, 100, 12_000);

    private static final Account ANN = new Account(1, "Ann", 10);
    private static final String SETTINGS = "SELECT concat_ws(' ', current_setting('lock_timeout'),"
            + " current_setting('statement_timeout'), current_setting('row_security'))";

    private final PostgresDatabase database;
    private final InMemoryDivergenceLog log = new InMemoryDivergenceLog();
    private WriteChecks checks =
            WriteChecks.builder().samplePercent(100).divergences(log).build();
    private Bank bank;

    WriteCheckTest(PostgresDatabase database) {
        this.database = database;
    }

    @AfterEach
    void close() {
        checks.close();
        bank.close();
    }

    private Bank open(Bank.Parts parts) {
        Bank.Parts patient = parts.withBuilder(builder -> builder.limits(LIMITS));
        bank = Bank.open(database, patient.withWriteObserver(checks)).to(Stage.DUAL_WRITE);
        return bank;
    }

    /** A store that offers no SQL to fold, and finds what {@code find} makes of it. */
    private static Bank.Parts finding(Finding find) {
        return Bank.Parts.DEFAULTS.withNextStore(store -> new ProbedStore(store, new dev.changeover.testkit.Probe()) {
            @Override
            public Map<Long, Account> find(Connection connection, Collection<Long> keys) throws SQLException {
                return find.of(connection, super.find(connection, keys));
            }
        });
    }

    private interface Finding {
        Map<Long, Account> of(Connection connection, Map<Long, Account> found) throws SQLException;
    }

    private long count(Outcome outcome) {
        return checks.counters().count("accounts", "save", outcome);
    }

    @Test
    void equalSidesMatchInEitherWayOfCopying() {
        open(Bank.Parts.DEFAULTS).accounts.save(ANN);
        bank.close();
        open(finding((connection, found) -> found)).accounts.save(ANN);

        assertThat(count(Outcome.MATCH)).isEqualTo(2);
        assertThat(log.groups()).isEmpty();
    }

    @Test
    void whatAStoreKeepsOtherwiseThanItWasToldIsReportedAfterTheCommit() {
        open(Bank.Parts.DEFAULTS.withNextStore(store -> new ProbedStore(store, new dev.changeover.testkit.Probe()) {
            @Override
            public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
                super.upsert(
                        connection,
                        entities.stream().map(each -> each.withBalance(0)).toList());
            }
        }));

        bank.inTransaction(() -> {
            bank.accounts.save(ANN);
            assertThat(count(Outcome.DIVERGED)).as("before the commit").isZero();
            return null;
        });

        assertThat(count(Outcome.DIVERGED)).isOne();
        await().until(() -> !log.groups().isEmpty());
        assertThat(log.groups()).singleElement().satisfies(group -> {
            assertThat(group.operation()).isEqualTo("save");
            assertThat(group.kind()).isEqualTo(Kind.VALUE);
            assertThat(group.samples()).extracting(DivergenceGroup.Sample::key).containsExactly("1");
        });
        assertThat(bank.events.marks).isEmpty();
    }

    @Test
    void aCheckThatFailsInTheDatabaseLeavesTheWriteAndTheSettingsOfTheCaller() {
        open(finding((connection, found) -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1 / 0");
            }
            return found;
        }));

        String settings = bank.inTransaction(() -> {
            String before = text(SETTINGS);
            bank.accounts.save(ANN);
            assertThat(text(SETTINGS)).isEqualTo(before);
            return before;
        });

        assertThat(settings).isNotBlank();
        assertThat(count(Outcome.ERROR)).isOne();
        assertThat(bank.legacy.find(1)).contains(ANN);
        assertThat(bank.next.find(1)).contains(ANN);
        assertThat(bank.events.marks).isEmpty();
    }

    @Test
    void aCheckThatHangsIsCancelled() {
        open(finding((connection, found) -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(60)");
            }
            return found;
        }));

        bank.accounts.save(ANN);

        assertThat(count(Outcome.ERROR)).isOne();
        assertThat(bank.next.find(1)).contains(ANN);
    }

    @Test
    void anErrorInJavaLeavesTheWrite() {
        open(finding((connection, found) -> {
            throw new StackOverflowError();
        }));

        bank.accounts.save(ANN);

        assertThat(count(Outcome.ERROR)).isOne();
        assertThat(bank.next.find(1)).contains(ANN);
    }

    @Test
    void whatIsRolledBackAccusesNobody() {
        open(finding((connection, found) -> Map.of()));

        assertThatThrownBy(() -> bank.inTransaction(() -> {
                    bank.accounts.save(ANN);
                    throw new IllegalStateException("the caller's own");
                }))
                .hasMessage("the caller's own");

        assertThat(count(Outcome.UNCONFIRMED)).isOne();
        assertThat(count(Outcome.DIVERGED)).isZero();
    }

    @Test
    void aChangeRoundTheLibraryInBetweenIsMarkedAndSoNoDivergence() {
        open(changedRoundTheLibrary()).accounts.save(ANN);

        assertThat(count(Outcome.MARKED)).isOne();
        assertThat(log.groups()).isEmpty();
    }

    private Bank.Parts changedRoundTheLibrary() {
        return finding((connection, found) -> {
            try (Connection stranger = bank.pool.getConnection();
                    Statement statement = stranger.createStatement()) {
                statement.execute("SELECT changeover.mark(number, ARRAY['1'], 'LEGACY', 'TEST')"
                        + " FROM changeover.repository WHERE name = 'accounts'");
            }
            return Map.of();
        });
    }

    /** The mutant: without its last question the check would accuse a follower that is only marked. */
    @Test
    void aCheckThatDoesNotAskForMarksAtLastWouldReportAFalseDivergence() {
        open(changedRoundTheLibrary().withControl(AsksInVain::new)).accounts.save(ANN);

        assertThat(count(Outcome.MARKED)).isZero();
        assertThat(count(Outcome.DIVERGED)).as("the mutant").isOne();
    }

    /** Hears of no mark. */
    private static final class AsksInVain extends ForwardingControl {
        AsksInVain(Control control) {
            super(control);
        }

        @Override
        public Answer ask(Connection connection, int repository, String key) throws SQLException {
            Answer answer = super.ask(connection, repository, key);
            return new Answer(answer.stage(), answer.percent(), null);
        }
    }

    @Test
    void onlyTheSampleIsReadBack() {
        AtomicInteger finds = new AtomicInteger();
        checks.close();
        checks = WriteChecks.builder().samplePercent(0).build();
        open(finding((connection, found) -> {
            finds.incrementAndGet();
            return found;
        }));

        bank.accounts.save(ANN);

        assertThat(finds).hasValue(0);
        assertThat(checks.counters().operations()).isEmpty();
    }

    @Test
    void anObserverThatThrowsIsNotTheCallersConcern() {
        checks.close();
        checks = WriteChecks.builder()
                .samplePercent(100)
                .divergences(confirmed -> {
                    throw new IllegalStateException("disk full");
                })
                .build();
        open(finding((connection, found) -> Map.of()));

        List.of(1, 2, 3).forEach(i -> bank.accounts.save(ANN));

        assertThat(count(Outcome.DIVERGED)).isEqualTo(3);
        await().until(() -> checks.unreported() == 3);
        assertThat(bank.next.find(1)).contains(ANN);
    }

    private String text(String sql) {
        try (Statement statement = bank.connection().createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
