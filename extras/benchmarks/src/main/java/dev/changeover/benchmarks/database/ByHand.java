package dev.changeover.benchmarks.database;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.PostgresDatabase;
import java.util.List;
import javax.sql.DataSource;

/** Writes without the library: once, twice one after the other, or once with a trigger that copies. */
final class ByHand implements Contender {

    private final String title;
    private final PostgresDatabase database;
    private final Schemas schemas;
    private final JdbcTransactions transactions;
    private final List<Accounts> sides;
    private final boolean twice;

    private ByHand(
            String title,
            PostgresDatabase database,
            Schemas schemas,
            JdbcTransactions transactions,
            List<Accounts> sides,
            boolean twice) {
        this.title = title;
        this.database = database;
        this.schemas = schemas;
        this.transactions = transactions;
        this.sides = sides;
        this.twice = twice;
    }

    static ByHand single(Stand stand) {
        Schemas schemas = stand.schemas("single");
        JdbcTransactions transactions = JdbcTransactions.on(stand.pool(1));
        return new ByHand(
                "single write (BEGIN, w, COMMIT)",
                stand.database(),
                schemas,
                transactions,
                List.of(new SqlAccounts(transactions.dataSource(), schemas.old())),
                false);
    }

    static ByHand naive(Stand stand) {
        Schemas schemas = stand.schemas("naive");
        JdbcTransactions transactions = JdbcTransactions.on(stand.pool(1));
        DataSource bound = transactions.dataSource();
        return new ByHand(
                "naive dual write (BEGIN, w1, w2, COMMIT)",
                stand.database(),
                schemas,
                transactions,
                List.of(new SqlAccounts(bound, schemas.old()), new SqlAccounts(bound, schemas.fresh())),
                true);
    }

    static ByHand trigger(Stand stand) {
        Schemas schemas = stand.schemas("trigger");
        schemas.copyByTrigger(stand.database());
        JdbcTransactions transactions = JdbcTransactions.on(stand.pool(1));
        return new ByHand(
                "copy trigger (BEGIN, w, COMMIT)",
                stand.database(),
                schemas,
                transactions,
                List.of(new SqlAccounts(transactions.dataSource(), schemas.old())),
                true);
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public void run(Operation operation, Account account) throws Exception {
        transactions.required(TransactionSettings.DEFAULTS, () -> {
            for (Accounts side : sides) {
                operation.on(side, account);
            }
            return null;
        });
    }

    @Override
    public void check() {
        if (twice && schemas.different(database) > 0) {
            throw new IllegalStateException(title + ": the sides differ");
        }
    }

    @Override
    public void close() {}
}
