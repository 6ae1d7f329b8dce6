package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Policy;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.Session;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reviews found and was mended, each as the behaviour that the mending gave. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class MendedFindingsTest {

    private static final TransactionSettings READ_ONLY =
            new TransactionSettings(TransactionSettings.Propagation.REQUIRED, null, null, true, failure -> true);

    private final PostgresDatabase database;
    private Bank bank;

    MendedFindingsTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void clear() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE; TRUNCATE old.account, fresh.account");
    }

    @AfterEach
    void close() {
        if (bank != null) {
            bank.close();
        }
    }

    private Bank open(Bank.Parts parts) {
        bank = Bank.open(database, parts);
        return bank;
    }

    private long marks() {
        return database.queryLong("SELECT count(*) FROM changeover.mark");
    }

    private void drained() {
        bank.changeover.drain().resume();
        assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(20)))
                .isTrue();
        assertThat(WalkTest.differences(database)).isZero();
    }

    // ---- keys of one transaction

    /** "add" says that it writes as many keys as it adds. */
    private static Bank.Parts manyKeys(Policy policy) {
        return Bank.Parts.DEFAULTS.withBuilder(builder -> builder.policy(policy)
                .route(m -> m.keys("add", (arguments, result) -> {
                    long first = (Long) arguments[0];
                    return LongStream.range(first, first + (Long) arguments[1])
                            .boxed()
                            .toList();
                })));
    }

    @Test
    @Guarantee("G3")
    void keysBeyondFiveHundredInOneTransactionAreMarkedHoweverManyWritesTheyComeFrom() {
        open(manyKeys(Policy.ISOLATED)).to(Stage.DUAL_WRITE).changeover.drain().pause();
        bank.inTransaction(() -> {
            bank.accounts.add(1, 300);
            bank.accounts.add(1_000, 200);
            assertThat(bank.events.marks).isEmpty();
            return bank.accounts.add(2_000, 1);
        });
        assertThat(bank.events.marks).containsExactly("MANY_KEYS");
        assertThat(marks()).isOne();
        bank.accounts.add(1, 300); // a transaction of its own has a count of its own
        assertThat(marks()).isOne();
        drained();
    }

    @Test
    @Guarantee("G2")
    void keysBeyondFiveHundredInOneTransactionAreRefusedWithThePolicyAtomic() {
        open(manyKeys(Policy.ATOMIC)).to(Stage.DUAL_WRITE);
        bank.accounts.save(new Account(1, "a", 1));
        assertThatThrownBy(() -> bank.inTransaction(() -> {
                    bank.accounts.add(1, 300);
                    bank.accounts.add(1_000, 200);
                    assertThatThrownBy(() -> bank.accounts.add(2_000, 1))
                            .isInstanceOf(ChangeoverException.class)
                            .hasMessageContaining("more than 500 keys in one transaction");
                    return true;
                }))
                .hasMessageContaining("roll");
        assertThat(bank.legacy.find(1)).contains(new Account(1, "a", 1));
        assertThat(bank.next.find(1)).contains(new Account(1, "a", 1));
    }

    // ---- functions of the application that throw

    @Test
    @Guarantee("G1")
    void aWriteWhoseKeysCannotBeToldFailsClearlyAndCannotCommit() {
        open(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.route(m -> m.keys("add", (arguments, result) -> {
                    if (result != null) {
                        throw new IllegalStateException("no key in the result");
                    }
                    return List.of(arguments[0]);
                }))))
                .to(Stage.DUAL_WRITE);
        bank.accounts.save(new Account(1, "a", 1));
        assertThatThrownBy(() -> bank.inTransaction(() -> {
                    assertThatThrownBy(() -> bank.accounts.add(1, 5)) // a caller who swallows it
                            .isInstanceOf(ChangeoverException.class)
                            .hasMessageContaining("the keys of a write could not be told")
                            .hasMessageContaining("no key in the result");
                    return true;
                }))
                .hasMessageContaining("roll");
        assertThat(bank.legacy.find(1)).contains(new Account(1, "a", 1));
        assertThat(WalkTest.differences(database)).isZero();
    }

    @Test
    @Guarantee("G1")
    void aKeyFunctionThatThrowsBeforeTheWriteStopsItBeforeTheAuthority() {
        open(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.route(m -> m.keys("add", (arguments, result) -> {
                    throw new IllegalStateException("no key in the arguments");
                }))))
                .to(Stage.DUAL_WRITE);
        bank.accounts.save(new Account(1, "a", 1));
        bank.inTransaction(() -> {
            assertThatThrownBy(() -> bank.accounts.add(1, 5)).hasMessageContaining("no key in the arguments");
            return true;
        });
        assertThat(bank.legacy.find(1)).contains(new Account(1, "a", 1));
        assertThat(WalkTest.differences(database)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Guarantee("G1")
    @Guarantee("G3")
    void aCopyOfArgumentsThatThrowsIsTheFollowersAffair(boolean replayed) {
        open(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.route(
                        m -> (replayed ? m.replays("add") : m.rehearses("add")).arguments("add", arguments -> {
                            throw new IllegalStateException("cannot be copied");
                        }))))
                .to(Stage.DUAL_WRITE)
                .changeover
                .drain()
                .pause();
        bank.accounts.save(new Account(1, "a", 1));

        assertThat(bank.accounts.add(1, 5)).isOne();

        assertThat(bank.legacy.find(1)).contains(new Account(1, "a", 6));
        if (replayed) {
            assertThat(bank.events.marks).containsExactly("FAILED");
        } else {
            assertThat(bank.events.rehearsals).singleElement().asString().contains("ERROR", "IllegalStateException");
            assertThat(bank.events.marks).isEmpty();
        }
        drained();
    }

    // ---- units that are declared read-only

    @Test
    @Guarantee("G1")
    void aWriteInAUnitThatIsReadOnlyInNameOnlyIsFollowedLikeAnyOther() {
        open(Bank.Parts.DEFAULTS).to(Stage.DUAL_WRITE);
        bank.inTransaction(READ_ONLY, () -> {
            try (Statement statement = bank.connection().createStatement()) {
                statement.execute("SET TRANSACTION READ WRITE"); // as on a driver that ignores the declaration
            }
            return bank.accounts.save(new Account(1, "a", 1));
        });
        assertThat(bank.legacy.find(1)).isPresent();
        assertThat(WalkTest.differences(database)).isZero();
    }

    @Test
    @Guarantee("G10")
    void aWriteInAReadOnlyUnitIsRefusedByTheAuthority() {
        open(Bank.Parts.DEFAULTS).to(Stage.DUAL_WRITE);
        assertThatThrownBy(() -> bank.inTransaction(READ_ONLY, () -> bank.accounts.save(new Account(1, "a", 1))))
                .isInstanceOfSatisfying(
                        SqlAccounts.SqlFailure.class, e -> assertThat(e.state()).isEqualTo("25006"));
        assertThat(bank.events.marks).isEmpty();
        assertThat(bank.legacy.find(1)).isEmpty();
    }

    // ---- shared tables

    @ParameterizedTest
    @CsvSource({"false, DUAL_WRITE", "false, RAMP", "false, NEW_PRIMARY", "true, DUAL_WRITE", "true, NEW_PRIMARY"})
    @Guarantee("G8")
    void whetherTablesAreSharedCannotChangeWhileBothSidesAreInUse(boolean shared, Stage stage) {
        open(shared(shared)).to(stage);
        assertThatThrownBy(() -> Bank.open(database, shared(!shared)))
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo("CO021"))
                .hasMessageContaining("whether tables are shared cannot change");
        assertThat(database.queryString("SELECT shared FROM changeover.repository"))
                .isEqualTo(shared ? "t" : "f");
    }

    @Test
    void whetherTablesAreSharedMayChangeWhereOneSideIsAlone() {
        open(shared(false));
        Bank.open(database, shared(true)).close();
        assertThat(database.queryString("SELECT shared FROM changeover.repository"))
                .isEqualTo("t");
    }

    private static Bank.Parts shared(boolean shared) {
        return Bank.Parts.DEFAULTS.withBuilder(builder -> shared ? builder.sharedTables() : builder);
    }

    // ---- leases

    @ParameterizedTest
    @CsvSource({"false, DUAL_WRITE", "false, RAMP", "true, DUAL_WRITE", "true, RAMP", "true, NEW_PRIMARY"})
    @Guarantee("G3")
    @Guarantee("G5")
    @FailureRow(FailureRow.MISSED)
    void aReadInAUnitWithoutALeaseNeedsNoSecondConnection(boolean readOnly, Stage stage) {
        AtomicBoolean away = new AtomicBoolean();
        bank = Bank.open(
                Sources.byThread("changeover-", database.pool(4), database.pool(1)),
                Bank.Parts.DEFAULTS
                        .withSettings(Settings.DEFAULTS.withLease(Duration.ofMillis(1)))
                        .withControl(control -> new NotSeenByThePoller(control, away)));
        bank.to(stage);
        bank.accounts.save(new Account(1, "a", 1));
        away.set(true);
        Awaitility.await("the lease has run out")
                .atMost(Duration.ofSeconds(10))
                .until(() -> bank.events.failures.size() > 3);

        assertThat(bank.inTransaction(readOnly ? READ_ONLY : TransactionSettings.DEFAULTS, () -> bank.accounts.find(1)))
                .contains(new Account(1, "a", 1));
    }

    /** The poller does not get through any more; everybody else does. */
    private static final class NotSeenByThePoller extends ForwardingControl {

        private final AtomicBoolean away;

        NotSeenByThePoller(Control control, AtomicBoolean away) {
            super(control);
            this.away = away;
        }

        @Override
        public List<RepositoryState> states() {
            if (away.get() && Thread.currentThread().getName().startsWith("changeover-")) {
                throw new ChangeoverException("the poller does not get through");
            }
            return super.states();
        }
    }

    // ---- drain

    /** The one key is held by its key lock, or by its row; it is the oldest, so that it is always the first in line. */
    @ParameterizedTest
    @CsvSource({"1, row", "3, row", "500, row", "1, key lock", "3, key lock", "500, key lock"})
    @Guarantee("G2")
    void aKeyThatIsBusyDoesNotStopTheOthersFromBeingDrained(int batch, String held) {
        open(Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withDrainBatch(batch)))
                .to(Stage.DUAL_WRITE)
                .changeover
                .drain()
                .pause();
        for (long id = 1; id <= 8; id++) {
            bank.accounts.save(new Account(id, "a", 1));
            mark(id);
        }
        try (Session holder = Session.open("holder", database.dataSource())) {
            holder.run(
                    held.equals("row")
                            ? "SELECT * FROM fresh.account WHERE id = 1 FOR UPDATE"
                            : "SELECT pg_advisory_xact_lock(1128813415, changeover.key_lock(number, '1'))"
                                    + " FROM changeover.repository");
            bank.changeover.drain().resume();
            Awaitility.await("all but the busy key are drained")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> database.queryStrings("SELECT key FROM changeover.mark"), List.of("1")::equals);
            assertThat(database.queryLong("SELECT count(*) FROM changeover.attempt"))
                    .as("failures, which being busy is none of")
                    .isZero();
        }
        drained();
    }

    private void mark(long key) {
        database.execute("SELECT changeover.mark(number, ARRAY['" + key + "'], 'LEGACY', 'TEST')"
                + " FROM changeover.repository");
    }

    // ---- reads at 100 %

    @Test
    @Guarantee("G5")
    void atOneHundredPercentAMarkedKeyIsServedByTheAuthority() {
        open(Bank.Parts.DEFAULTS).to(Stage.RAMP).percent(100).changeover.drain().pause();
        bank.accounts.save(new Account(1, "a", 1));
        bank.accounts.save(new Account(2, "b", 1));
        mark(1);
        bank.events.served.clear();

        bank.accounts.find(1);
        bank.accounts.find(2);
        bank.inTransaction(READ_ONLY, () -> bank.accounts.find(1));

        assertThat(bank.events.served).containsExactly("find LEGACY", "find NEW", "find LEGACY");
        assertThat(bank.events.fallbacks).containsExactly("find MARKED", "find MARKED");
    }

    /** The lease is long and the move was another instance's: what is not known here is asked. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Guarantee("G5")
    @FailureRow(
            value = FailureRow.MISSED,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void atOneHundredPercentEveryReadFollowsAMoveThatThisInstanceHasNotSeen(boolean readOnly) {
        open(Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withLease(Duration.ofMinutes(10))))
                .to(Stage.RAMP)
                .percent(100);
        bank.changeover.stages().routeLists(Bank.NAME, List.of(), List.of("1"), "me", "not this one");
        bank.changeover.drain().pause();
        bank.accounts.save(new Account(1, "denied", 1));
        bank.accounts.save(new Account(2, "marked", 1));
        database.execute("SELECT changeover.move('accounts', 'NEW_PRIMARY', 'by another instance');"
                + "SELECT changeover.mark(number, ARRAY['2'], 'NEW', 'TEST') FROM changeover.repository");
        bank.events.served.clear();
        for (long key : new long[] {1, 2}) {
            Supplier<Object> read = () -> bank.accounts.find(key);
            if (readOnly) {
                bank.inTransaction(READ_ONLY, read::get);
            } else {
                read.get();
            }
        }
        assertThat(bank.events.served).containsExactly("find NEW", "find NEW");
    }

    // ---- rehearsals

    @Test
    @Guarantee("G6")
    void aRehearsalThatMeetsALockIsSkippedAndSaysNothingOfTheMethod() {
        open(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.route(m -> m.rehearses("add"))))
                .to(Stage.DUAL_WRITE)
                .changeover
                .drain()
                .pause();
        bank.accounts.save(new Account(1, "a", 1));
        try (Session holder = Session.open("holder", database.dataSource())) {
            holder.run("SELECT * FROM fresh.account WHERE id = 1 FOR UPDATE");
            bank.accounts.add(1, 5);
        }
        assertThat(bank.events.rehearsals).containsExactly("add skipped CONTENTION");
        Awaitility.await("a rehearsal that meets nobody")
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    drained(); // on a slow machine a rehearsal may meet the follower's limit, which leaves a mark
                    bank.accounts.add(1, 5);
                    return bank.events.rehearsals.contains("add equal");
                });
        assertThat(bank.events.rehearsals).containsOnly("add skipped CONTENTION", "add equal");
    }
}
