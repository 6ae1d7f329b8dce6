package dev.changeover.proof;

import dev.changeover.core.Changeover;
import dev.changeover.core.ChangeoverBuilder;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Routes;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.backfill.HealthSignal;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.WriteObserver;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** One instance of an application with one repository, "accounts", on both schemas of a database. */
final class Bank implements AutoCloseable {

    static final String NAME = "accounts";

    final DataSource pool;
    final JdbcTransactions transactions;
    final Accounts legacy;
    final Accounts next;
    final EntityStore<Long, Account> legacyStore;
    final EntityStore<Long, Account> nextStore;
    final Changeover changeover;
    final Accounts accounts;
    final Recorded events;

    /** What a test may exchange. */
    record Parts(
            UnaryOperator<Accounts> legacy,
            UnaryOperator<Accounts> next,
            UnaryOperator<EntityStore<Long, Account>> legacyStore,
            UnaryOperator<EntityStore<Long, Account>> nextStore,
            UnaryOperator<RepositoryBuilder<Accounts, Long, Account>> builder,
            ReadObserver observer,
            Settings settings,
            UnaryOperator<Control> control,
            UnaryOperator<ChangeoverBuilder> instance) {

        static final Parts DEFAULTS = new Parts(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                ReadObserver.NONE,
                Settings.DEFAULTS,
                UnaryOperator.identity(),
                UnaryOperator.identity());

        /** Changes what is said to the builder of the instance. */
        private Parts with(UnaryOperator<ChangeoverBuilder> change) {
            return new Parts(
                    legacy,
                    next,
                    legacyStore,
                    nextStore,
                    builder,
                    observer,
                    settings,
                    control,
                    started -> change.apply(instance.apply(started)));
        }

        Parts withListener(ChangeoverListener value) {
            return with(started -> started.listener(value));
        }

        Parts withHealth(List<HealthSignal> value) {
            return with(started -> started.health(value));
        }

        Parts withGates(GatePlan value) {
            return with(started -> started.gates(value));
        }

        Parts withMeasurements(Measurements value) {
            return with(started -> started.measurements(value));
        }

        Parts withWriteObserver(WriteObserver value) {
            return with(started -> started.writeObserver(value));
        }

        Parts withLegacy(UnaryOperator<Accounts> value) {
            return new Parts(value, next, legacyStore, nextStore, builder, observer, settings, control, instance);
        }

        Parts withNext(UnaryOperator<Accounts> value) {
            return new Parts(legacy, value, legacyStore, nextStore, builder, observer, settings, control, instance);
        }

        Parts withNextStore(UnaryOperator<EntityStore<Long, Account>> value) {
            return new Parts(legacy, next, legacyStore, value, builder, observer, settings, control, instance);
        }

        Parts withLegacyStore(UnaryOperator<EntityStore<Long, Account>> value) {
            return new Parts(legacy, next, value, nextStore, builder, observer, settings, control, instance);
        }

        Parts withBuilder(UnaryOperator<RepositoryBuilder<Accounts, Long, Account>> value) {
            return new Parts(legacy, next, legacyStore, nextStore, value, observer, settings, control, instance);
        }

        Parts withObserver(ReadObserver value) {
            return new Parts(legacy, next, legacyStore, nextStore, builder, value, settings, control, instance);
        }

        Parts withSettings(Settings value) {
            return new Parts(legacy, next, legacyStore, nextStore, builder, observer, value, control, instance);
        }

        Parts withControl(UnaryOperator<Control> value) {
            return new Parts(legacy, next, legacyStore, nextStore, builder, observer, settings, value, instance);
        }
    }

    static Bank open(PostgresDatabase database) {
        return open(database.pool(24), Parts.DEFAULTS);
    }

    static Bank open(PostgresDatabase database, Parts parts) {
        return open(database.pool(24), parts);
    }

    static Bank open(DataSource pool, Parts parts) {
        applySchema(pool);
        return new Bank(pool, parts);
    }

    private Bank(DataSource pool, Parts parts) {
        this.pool = pool;
        this.transactions = JdbcTransactions.on(pool);
        DataSource bound = transactions.dataSource();
        this.legacy = parts.legacy().apply(new SqlAccounts(bound, "old.account", "name"));
        this.next = parts.next().apply(new SqlAccounts(bound, "fresh.account", "label"));
        this.legacyStore = parts.legacyStore().apply(store("old", "name"));
        this.nextStore = parts.nextStore().apply(store("fresh", "label"));
        this.events = new Recorded();
        ChangeoverBuilder started = parts.instance()
                .apply(Changeover.builder()
                        .dataSource(pool)
                        .transactions(transactions)
                        .observer(parts.observer())
                        .listener(events)
                        .settings(parts.settings()));
        Control own = new PostgresControl(pool);
        Control used = parts.control().apply(own);
        this.changeover = (used == own ? started : started.control(used)).start();
        try {
            this.accounts = parts.builder().apply(registration()).build();
        } catch (RuntimeException refused) {
            changeover.close();
            throw refused;
        }
    }

    private RepositoryBuilder<Accounts, Long, Account> registration() {
        return changeover
                .repository(NAME, Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(legacy, legacyStore)
                .next(next, nextStore)
                .route(Bank::routes);
    }

    static void routes(Routes m) {
        m.reads("find", "lock")
                .locking("lock")
                .lookups("byName")
                .queries("all", "count")
                .writes("save", "add", "delete")
                .keys("add", (arguments, result) -> List.of(arguments[0]));
    }

    static EntityStore<Long, Account> store(String schema, String nameColumn) {
        return store(schema, "account", nameColumn);
    }

    static EntityStore<Long, Account> store(String schema, String table, String nameColumn) {
        return JdbcStore.table(schema, table, KeyType.LONG, "id")
                .columns(nameColumn, "balance", "state")
                .entity(
                        Account::id,
                        row -> new Account(
                                row.longValue("id"), row.text(nameColumn), row.longValue("balance"), row.text("state")),
                        (account, row) -> {
                            row.set(nameColumn, account.name());
                            row.set("balance", account.balance());
                            row.set("state", account.state());
                        });
    }

    private static void applySchema(DataSource pool) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            ControlSchema.apply(connection);
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Moves through the stages up or down to this one. */
    Bank to(Stage target) {
        Stage now = changeover.stages().of(NAME).stage();
        while (now != target) {
            Stage step = Stage.values()[now.ordinal() + (target.compareTo(now) > 0 ? 1 : -1)];
            prepare(now, step);
            changeover.stages().move(NAME, step, "test", "walk to " + target);
            now = step;
        }
        return this;
    }

    private void prepare(Stage now, Stage step) {
        if (now == Stage.SHADOW
                && step == Stage.RAMP
                && !changeover.stages().of(NAME).backfilled()) {
            changeover.backfill(NAME).run(progress -> {});
        }
        if (now == Stage.RAMP && step == Stage.NEW_PRIMARY) {
            percent(100);
        }
    }

    Bank percent(int percent) {
        changeover.stages().percent(NAME, percent, "test", "percent");
        return this;
    }

    <T> T inTransaction(Callable<T> work) {
        return inTransaction(TransactionSettings.DEFAULTS, work);
    }

    <T> T inTransaction(TransactionSettings settings, Callable<T> work) {
        try {
            return transactions.required(settings, work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The connection of the transaction of this thread. */
    Connection connection() {
        try {
            return java.util.Objects.requireNonNull(transactions.current()).connection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        changeover.close();
    }

    /** What the library told. */
    static final class Recorded implements ChangeoverListener {

        final java.util.Queue<String> marks = new java.util.concurrent.ConcurrentLinkedQueue<>();
        final java.util.Queue<Throwable> failures = new java.util.concurrent.ConcurrentLinkedQueue<>();
        final java.util.Queue<String> fallbacks = new java.util.concurrent.ConcurrentLinkedQueue<>();
        final java.util.Queue<String> rehearsals = new java.util.concurrent.ConcurrentLinkedQueue<>();
        final java.util.Queue<String> served = new java.util.concurrent.ConcurrentLinkedQueue<>();

        @Override
        public void marked(String r, String operation, Stage stage, int keys, String reason, Throwable failure) {
            marks.add(reason);
            if (failure != null) {
                failures.add(failure);
            }
        }

        @Override
        public void readFellBack(String r, String operation, String reason) {
            fallbacks.add(operation + " " + reason);
        }

        @Override
        public void readServed(String r, String operation, dev.changeover.core.Side side, long nanos, boolean failed) {
            served.add(operation + " " + side);
        }

        @Override
        public void rehearsed(
                String r, String operation, String key, List<dev.changeover.core.StateComparison.Difference> d) {
            rehearsals.add(operation + " " + (d.isEmpty() ? "equal" : d));
        }

        @Override
        public void rehearsalSkipped(String r, String operation, String reason) {
            rehearsals.add(operation + " skipped " + reason);
        }

        @Override
        public void backgroundFailed(String what, Throwable failure) {
            failures.add(failure);
        }
    }
}
