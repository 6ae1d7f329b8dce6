package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Changeover;
import dev.changeover.core.KeyType;
import dev.changeover.core.StateComparison;
import dev.changeover.core.Strangers;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import dev.changeover.testkit.RepositoryTest;
import dev.changeover.testkit.TransitionContract;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.sql.DataSource;

// snippet: contract
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class AccountsTransitionTest extends TransitionContract<Accounts, Long, Account> {

    private final DataSource pool;
    private final JdbcTransactions transactions;

    AccountsTransitionTest(PostgresDatabase database) {
        pool = database.pool(8);
        transactions = JdbcTransactions.on(pool);
    }

    @RepositoryTest
    void aSavedAccountIsFound(Accounts accounts) {
        accounts.save(new Account(1, "Ada", 5));

        assertThat(accounts.find(1)).contains(new Account(1, "Ada", 5));
        assertThat(accounts.byName("Ada")).contains(new Account(1, "Ada", 5));
    }

    @Override
    protected Routed<Accounts> route(Stores<Long, Account> stores) {
        Changeover changeover =
                Changeover.builder().dataSource(pool).transactions(transactions).start();
        Accounts accounts = changeover
                .repository("accounts", Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(legacy(), stores.legacy())
                .next(next(), stores.next())
                .compare(comparison())
                .limits(new FollowerLimits(20, 20, 200))
                .route(Bank::routes)
                .build();
        return Routed.of(changeover, accounts, "accounts");
    }

    @Override
    protected Stream<Account> samples() {
        Random random = new Random(7);
        return Stream.concat(
                Stream.of(new Account(1, "", 0), new Account(Long.MAX_VALUE, " blanks ' \" \\ ä ", Long.MIN_VALUE)),
                Stream.generate(() -> new Account(random.nextLong(), "n" + random.nextInt(), random.nextLong()))
                        .limit(3));
    }

    @Override
    protected StateComparison<Account> comparison() {
        return RecordComparison.of(Account.class).build();
    }

    @Override
    protected Stores<Long, Account> stores() {
        return new Stores<>(Bank.store("old", "name"), Bank.store("fresh", "label"));
    }

    @Override
    protected Accounts legacy() {
        return new SqlAccounts(transactions.dataSource(), "old.account", "name");
    }

    @Override
    protected Accounts next() {
        return new SqlAccounts(transactions.dataSource(), "fresh.account", "label");
    }

    @Override
    protected Long key(Account account) {
        return account.id();
    }

    @Override
    protected DataSource dataSource() {
        return pool;
    }
    // end

    @Override
    protected void prepare(Changeover changeover) {
        changeover.sentinels().install("accounts", Strangers.REFUSE, "test", "the contract runs under sentinels");
    }

    @Override
    protected Stream<String> legacyRows() {
        return Stream.of("INSERT INTO old.account VALUES (1, ' two  blanks ', 1, 'dormant?')");
    }

    @RepositoryTest
    void aSumIsAddedToOneAccountOnly(Accounts accounts) {
        accounts.save(new Account(1, "Ada", 5));
        accounts.save(new Account(2, "Bea", 5));

        assertThat(accounts.add(1, 2)).isOne();
        assertThat(accounts.add(3, 2)).isZero();

        assertThat(accounts.all()).containsExactly(new Account(1, "Ada", 7), new Account(2, "Bea", 5));
        assertThat(accounts.count()).isEqualTo(2);
    }

    @RepositoryTest
    void aDeletedAccountIsGone(Accounts accounts) {
        accounts.save(new Account(1, "Ada", 5));
        accounts.delete(1);

        assertThat(accounts.find(1)).isEmpty();
    }

    @RepositoryTest
    void aTransferIsOneUnitOfWork(Accounts accounts) throws Exception {
        inTransaction(() -> accounts.save(new Account(1, "Ada", 5)));
        assertThatThrownBy(() -> inTransaction(() -> {
                    accounts.add(1, -5);
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");
        inTransaction(() -> {
            assertThat(accounts.lock(1)).contains(new Account(1, "Ada", 5));
            accounts.add(1, -2);
            return accounts.save(new Account(2, "Bea", 2));
        });

        assertThat(accounts.all()).containsExactly(new Account(1, "Ada", 3), new Account(2, "Bea", 2));
    }

    final <T> T inTransaction(Callable<T> work) throws Exception {
        return transactions.required(TransactionSettings.DEFAULTS, work);
    }

    final JdbcTransactions transactions() {
        return transactions;
    }
}
