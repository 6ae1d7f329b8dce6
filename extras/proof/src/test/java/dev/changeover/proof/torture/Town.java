package dev.changeover.proof.torture;

import dev.changeover.core.Changeover;
import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Settings;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison;
import dev.changeover.core.Strangers;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.ShadowReads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/** One instance of an application with two repositories, of which "accounts" depends on "owners". */
final class Town implements AutoCloseable {

    static final String OWNERS = "owners";
    static final String ACCOUNTS = "accounts";
    static final List<String> BOTH = List.of(OWNERS, ACCOUNTS);

    final JdbcTransactions transactions;
    final Changeover changeover;
    final Owners owners;
    final Accounts accounts;
    final Heard heard = new Heard();
    private final ShadowReads shadow;

    Town(DataSource plain, Plan plan, Rules rules) {
        DataSource pool = rules.rewrites().isEmpty() ? plain : Rewriting.of(plain, rules.rewrites());
        transactions = JdbcTransactions.on(pool);
        Control own = new PostgresControl(pool);
        Control used = rules.control().apply(own);
        shadow = plan.shadowed ? shadow(rules) : null;
        var started = Changeover.builder()
                .dataSource(pool)
                .transactions(transactions)
                .listener(heard)
                .observer(shadow == null ? ReadObserver.NONE : shadow)
                .settings(Settings.DEFAULTS.withLease(Duration.ofMillis(400)).withMostRemovals(1));
        changeover = (used == own ? started : started.control(used)).start();
        Sql sql = new Sql(transactions.dataSource());
        Faults faults = new Faults(plan);
        owners = owners(sql, rules, faults);
        accounts = rules.builder().apply(accounts(sql, plan, rules, faults)).build();
        BOTH.forEach(name -> changeover.backfill(name).permitRemovals());
    }

    private ShadowReads shadow(Rules rules) {
        return ShadowReads.builder(rules.shadow().apply(transactions))
                .repository(ComparedRepository.of(ACCOUNTS, KeyType.LONG, Account.class, Account::id)
                        .legacy(Stores.accounts("old", "account", "owner_id", "name", "balance", false))
                        .next(Stores.accounts("fresh", "purse", "person", "label", "amount", false))
                        .build())
                .samplePercent(100)
                .divergences(found -> found.forEach(each -> heard.falseReports.add(String.valueOf(each))))
                .build();
    }

    /** Until what was read has been compared, so that no accusation comes after the verdict. */
    void awaitShadow() {
        for (int i = 0; shadow != null && !shadow.idle() && i < 500; i++) {
            Round.pause(10);
        }
    }

    private Owners owners(Sql sql, Rules rules, Faults faults) {
        return changeover
                .repository(OWNERS, Owners.class)
                .entity(Owner.class, KeyType.LONG, Owner::id)
                .legacy(
                        new SqlOwners(sql, "old.owner", "name", "old.phone", "owner_id", "number"),
                        faults.on(rules.stored()
                                .of(Side.LEGACY, Stores.owners("old", "owner", "name", "phone", "number"))))
                .next(
                        new SqlOwners(sql, "fresh.person", "full_name", "fresh.person_phone", "person", "digits"),
                        faults.on(rules.stored()
                                .of(Side.NEW, Stores.owners("fresh", "person", "full_name", "person_phone", "digits"))))
                .route(m -> m.reads("find").writes("save", "delete"))
                .build();
    }

    private RepositoryBuilder<Accounts, Long, Account> accounts(Sql sql, Plan plan, Rules rules, Faults faults) {
        Throwing throwing = new Throwing(plan);
        return changeover
                .repository(ACCOUNTS, Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(
                        rules.port()
                                .apply(
                                        Side.LEGACY,
                                        throwing.on(
                                                new SqlAccounts(sql, "old.account", "owner_id", "name", "balance"))),
                        faults.on(rules.stored()
                                .of(
                                        Side.LEGACY,
                                        Stores.accounts("old", "account", "owner_id", "name", "balance", plan.folded))))
                .next(
                        rules.port()
                                .apply(
                                        Side.NEW,
                                        throwing.on(new SqlAccounts(sql, "fresh.purse", "person", "label", "amount"))),
                        faults.on(rules.stored()
                                .of(
                                        Side.NEW,
                                        Stores.accounts("fresh", "purse", "person", "label", "amount", plan.folded))))
                .dependsOn(OWNERS, Account::owner)
                .route(m -> m.reads("find", "lock")
                        .locking("lock")
                        .writes("save", "add", "delete", "saveAll", "addAll", "deleteAll", "rekey")
                        .keys("add", (arguments, result) -> List.of(arguments[0]))
                        .keys("rekey", (arguments, result) -> List.of(arguments[0], arguments[1])))
                .route(m -> {
                    if (plan.watched) { // what these change only sentinels can tell
                        m.bulk("raiseAll")
                                .writes("addBoth")
                                .keys("addBoth", (arguments, result) -> List.of(arguments[0]));
                    } else {
                        m.writes("raiseAll", "addBoth")
                                .keys("raiseAll", (arguments, result) -> raised(arguments))
                                .keys("addBoth", (arguments, result) -> List.of(arguments[0], arguments[1]));
                    }
                })
                .route(m -> {
                    if (plan.rehearsed) {
                        m.rehearses("save", "add", "delete");
                    }
                });
    }

    private static List<Object> raised(Object[] arguments) {
        return LongStream.iterate((long) arguments[0], id -> id <= (long) arguments[1], id -> id + (long) arguments[2])
                .<Object>mapToObj(id -> id)
                .toList();
    }

    /** Puts sentinels on both sides of both repositories. */
    void watch(Strangers strangers) {
        BOTH.forEach(name -> changeover.sentinels().install(name, strangers, "torture", "watch"));
    }

    RepositoryState state(String repository) {
        return changeover.stages().of(repository);
    }

    Stage stage(String repository) {
        return state(repository).stage();
    }

    /** As the transaction of this connection sees it, without the library. */
    static Stage stage(String repository, Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT stage FROM changeover.repository WHERE name = ?")) {
            statement.setString(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return Stage.valueOf(rows.getString(1));
            }
        }
    }

    <T> T inTransaction(TransactionSettings settings, Callable<T> work) {
        try {
            return transactions.required(settings, work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new Wrapped(e);
        }
    }

    /** A checked exception of a transaction. */
    static final class Wrapped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrapped(Exception cause) {
            super(cause);
        }
    }

    /** The connection of the transaction of this thread. */
    Connection connection() throws SQLException {
        return Objects.requireNonNull(transactions.current()).connection();
    }

    String query(String sql) throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        if (shadow != null) {
            shadow.close();
        }
        changeover.close();
    }

    /** What the library told. */
    static final class Heard implements ChangeoverListener {

        final AtomicLong marked = new AtomicLong();
        final AtomicLong drained = new AtomicLong();
        final AtomicLong rehearsed = new AtomicLong();
        final Queue<String> falseReports = new ConcurrentLinkedQueue<>();

        @Override
        public void marked(String r, String operation, Stage stage, int keys, String reason, Throwable failure) {
            marked.addAndGet(keys);
        }

        @Override
        public void drained(String r, int copied, int failed, long nanos) {
            drained.addAndGet(copied);
        }

        @Override
        public void rehearsed(String r, String operation, String key, List<StateComparison.Difference> differences) {
            rehearsed.incrementAndGet();
            if (!differences.isEmpty()) {
                falseReports.add(r + "." + operation + " " + key + ": " + differences);
            }
        }
    }
}
