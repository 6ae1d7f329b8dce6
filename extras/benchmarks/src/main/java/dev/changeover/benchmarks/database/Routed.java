package dev.changeover.benchmarks.database;

import dev.changeover.core.Changeover;
import dev.changeover.core.FollowerMode;
import dev.changeover.core.KeyType;
import dev.changeover.core.Routes;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.legacyadapter.JdbcTransactions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** Changeover over two tables. */
final class Routed implements Contender {

    private final Follower follower;
    private final Stand stand;
    private final Schemas schemas;
    private final Changeover changeover;
    private final Accounts accounts;
    private final AtomicLong marks = new AtomicLong();

    private Routed(Follower follower, Stand stand, Schemas schemas, int connections, Settings settings) {
        this.follower = follower;
        this.stand = stand;
        this.schemas = schemas;
        JdbcTransactions transactions = JdbcTransactions.on(stand.pool(connections));
        DataSource bound = transactions.dataSource();
        this.changeover = Changeover.builder()
                .dataSource(stand.background())
                .transactions(transactions)
                .settings(settings)
                .listener(new MarkCount(marks))
                .start();
        this.accounts = changeover
                .repository(follower.key(), Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(new SqlAccounts(bound, schemas.old()), follower.legacy().apply(schemas.old()))
                .next(new SqlAccounts(bound, schemas.fresh()), follower.next().apply(schemas.fresh()))
                .route(this::writes)
                .build();
    }

    private void writes(Routes routes) {
        routes.writes("insert", "update", "delete").keys("delete", (arguments, result) -> List.of(arguments[0]));
        if (follower.mode() == FollowerMode.REHEARSE) {
            routes.rehearses("insert", "update", "delete");
        }
    }

    /** Opens a contender for one thread in DUAL_WRITE. */
    static Routed open(Follower follower, Stand stand) {
        Routed routed = open(follower, stand, stand.schemas(follower.key()), 1, Settings.DEFAULTS);
        routed.move(Stage.DUAL_WRITE);
        // without it a rehearsal would have nothing to start from
        routed.backfill();
        return routed;
    }

    /** Opens a repository in the stage in which it is. */
    static Routed open(Follower follower, Stand stand, Schemas schemas, int connections, Settings settings) {
        return new Routed(follower, stand, schemas, connections, settings);
    }

    void move(Stage stage) {
        changeover.stages().move(follower.key(), stage, "benchmark", "benchmark");
    }

    /** Walks up to the stage before the authority moves. */
    void readyToFlip() {
        move(Stage.DUAL_WRITE);
        move(Stage.SHADOW);
        backfill();
        move(Stage.RAMP);
        changeover.stages().percent(follower.key(), 100, "benchmark", "benchmark");
    }

    private void backfill() {
        changeover.backfill(follower.key()).run(progress -> {});
    }

    Follower follower() {
        return follower;
    }

    Changeover changeover() {
        return changeover;
    }

    int number() {
        return changeover.stages().of(follower.key()).number();
    }

    Accounts accounts() {
        return accounts;
    }

    String name() {
        return follower.key();
    }

    /** Tells whether the goals for times hold for it: rehearsing is work that is asked for on top. */
    boolean judged() {
        return follower.mode() == FollowerMode.STATE;
    }

    /** Returns how many writes of callers ended as marks. */
    long marks() {
        return marks.get();
    }

    @Override
    public String title() {
        return follower.title();
    }

    @Override
    public void run(Operation operation, Account account) {
        operation.on(accounts, account);
    }

    @Override
    public void check() {
        if (schemas.different(stand.database()) > 0) {
            throw new IllegalStateException(title() + ": the sides differ");
        }
        if (marks.get() > 0) {
            throw new IllegalStateException(title() + ": " + marks + " writes were marked, not copied");
        }
    }

    @Override
    public void close() {
        changeover.close();
    }

    /** Counts marks. */
    private record MarkCount(AtomicLong marks) implements ChangeoverListener {
        @Override
        public void marked(String name, String operation, Stage stage, int keys, String reason, Throwable failure) {
            marks.addAndGet(keys);
        }
    }
}
