package dev.changeover.proof;

import dev.changeover.core.Stage;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.TransactionSettings.Propagation;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.ScheduleRunner;
import dev.changeover.testkit.Session;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/**
 * Where a schedule is played: a database of its own, so that a rule can be taken out of it; a bank whose drain moves
 * only when it is told to; callers, jobs and sessions that the test puts in order. All are ended when it is closed.
 */
final class Scene implements AutoCloseable {

    static final TransactionSettings READ_COMMITTED = isolation(Connection.TRANSACTION_READ_COMMITTED);
    static final TransactionSettings REPEATABLE_READ = isolation(Connection.TRANSACTION_REPEATABLE_READ);
    static final TransactionSettings SERIALIZABLE = isolation(Connection.TRANSACTION_SERIALIZABLE);

    private static final String JOB = "job";

    final PostgresDatabase database;
    final Tap tap;
    private final Deque<AutoCloseable> actors = new ArrayDeque<>();
    private final ScheduleRunner sessions;
    private Bank bank;

    static TransactionSettings isolation(int level) {
        return new TransactionSettings(Propagation.REQUIRED, level, null, false, failure -> true);
    }

    private Scene(String before) {
        this(PostgresDatabase.fresh(), before);
    }

    private Scene(PostgresDatabase fresh, String before) {
        database = fresh.script("dev/changeover/proof/accounts.sql").open();
        if (!before.isEmpty()) {
            database.execute(before.replace("{database}", database.name()));
        }
        tap = new Tap(database.pool(16));
        sessions = ScheduleRunner.on(database.dataSource());
    }

    /** A scene without a bank, for a schema that is not the usual one; {database} stands for the database's name. */
    static Scene bare(String sql) {
        return new Scene(sql);
    }

    /** A scene without a bank, on a server that the test may crash. */
    static Scene in(PostgresCluster cluster) {
        return new Scene(PostgresDatabase.fresh().in(cluster), "");
    }

    /** A bank in LEGACY_ONLY. */
    static Scene open() {
        return open(Bank.Parts.DEFAULTS);
    }

    static Scene open(Bank.Parts parts) {
        Scene scene = new Scene("");
        scene.bank(parts);
        return scene;
    }

    /** Opens the bank of a bare scene. */
    Bank bank(Bank.Parts parts) {
        return bank(tap.dataSource(), parts);
    }

    Bank bank(DataSource pool, Bank.Parts parts) {
        bank = Bank.open(pool, parts);
        actors.push(bank);
        bank.changeover.drain().pause();
        return bank;
    }

    Bank bank() {
        return bank;
    }

    Scene to(Stage stage) {
        bank.to(stage);
        return this;
    }

    Scene sql(String sql) {
        database.execute(sql);
        return this;
    }

    Caller caller() {
        return caller(READ_COMMITTED);
    }

    Caller caller(TransactionSettings settings) {
        Caller caller = new Caller(this, bank, settings);
        actors.push(caller);
        return caller;
    }

    /** Does this first when the scene is closed. */
    void onClose(AutoCloseable action) {
        actors.push(action);
    }

    Session session(String name) {
        return sessions.session(name);
    }

    /** Does something in the background, such as a move or a drain. */
    <T> Job<T> job(Callable<T> work) {
        return new Job<>(work);
    }

    /** A write whose follower's part is left to the drain. */
    Scene marked(Runnable write) {
        try (Caller caller = caller(REPEATABLE_READ)) {
            caller.run(write);
            caller.commit();
        }
        return this;
    }

    /** Drains and returns what the drain says is left. */
    long drain() {
        return startDrain().join();
    }

    Job<Long> startDrain() {
        return job(() -> bank.changeover.drain().drainNow(Bank.NAME));
    }

    /** Takes a rule out of one of the control functions. */
    Scene mutate(String function, String rule, String replacement) {
        String source = database.queryString("SELECT pg_get_functiondef(('changeover." + function + "')::regproc)");
        if (!source.contains(rule)) {
            throw new AssertionError(function + " does not contain " + rule);
        }
        return sql(source.replace(rule, replacement));
    }

    long marks() {
        return database.queryLong("SELECT count(*) FROM changeover.mark");
    }

    long differences() {
        return WalkTest.differences(database);
    }

    /** The balance on legacy, then that on new; a row that is not there is a minus. */
    String balances(long id) {
        return balance("old", id) + " " + balance("fresh", id);
    }

    String balance(String schema, long id) {
        return database.queryString(
                "SELECT coalesce((SELECT balance::text FROM " + schema + ".account WHERE id = " + id + "), '-')");
    }

    /** The first column of the first row, in the transaction of this connection. */
    String queryOn(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    void awaitBlocked(int pid) {
        await(
                "backend " + pid + " waits for a lock",
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + pid);
    }

    /** Waits until some backend of this database waits for an advisory lock of this class. */
    void awaitBlockedOnAdvisory(int lockClass) {
        await(
                "a backend waits for a lock of class " + lockClass,
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND classid = " + lockClass
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    }

    /** Waits until this count is not zero. */
    void await(String what, String count) {
        awaitTrue(what, () -> database.queryLong(count) > 0);
    }

    void awaitTrue(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    String activity(int pid) {
        return database.queryStrings("SELECT concat_ws(' | ', state, wait_event_type, wait_event, query)"
                        + " FROM pg_stat_activity WHERE pid = " + pid)
                .toString();
    }

    @Override
    public void close() {
        sessions.close();
        while (!actors.isEmpty()) {
            try {
                actors.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        database.close();
    }

    /** Tells whether this thread is a job's. */
    static boolean inJob() {
        return Thread.currentThread().getName().equals(JOB);
    }

    /** Something that runs beside the test. */
    static final class Job<T> {

        private final CompletableFuture<T> result = new CompletableFuture<>();

        private Job(Callable<T> work) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            result.complete(work.call());
                        } catch (Throwable failure) {
                            result.completeExceptionally(failure);
                        }
                    },
                    JOB);
            thread.setDaemon(true);
            thread.start();
        }

        boolean isDone() {
            return result.isDone();
        }

        T join() {
            try {
                return result.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("A job hangs", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Returns what it threw, or null. */
        Throwable joinFailed() {
            try {
                join();
                return null;
            } catch (IllegalStateException e) {
                return e.getCause();
            }
        }
    }
}
