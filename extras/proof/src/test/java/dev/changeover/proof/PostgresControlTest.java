package dev.changeover.proof;

import dev.changeover.core.control.Control;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.core.spi.Transactions;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.ControlContract;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules of moves, marks and fences in the control schema. */
class PostgresControlTest extends ControlContract {

    @RegisterExtension
    static final PostgresDatabase database = PostgresDatabase.fresh();

    private static Control control;
    private static JdbcTransactions transactions;

    @BeforeAll
    static void applySchema() {
        database.execute(ControlSchema.ddl());
        var pool = database.pool(6);
        control = new PostgresControl(pool, new MoveRounds(Duration.ofMillis(10), 2, Duration.ofMillis(50), 10));
        transactions = JdbcTransactions.on(pool);
    }

    @Override
    protected Control control() {
        return control;
    }

    @Override
    protected Transactions transactions() {
        return transactions;
    }

    @Override
    protected void backfilled(String repository) {
        settle(repository, "BACKFILLED");
    }

    @Override
    protected void reseeded(String repository) {
        settle(repository, "RESEEDED");
    }

    /** As at the end of a job: its checkpoint is finished. */
    private static void settle(String repository, String what) {
        database.execute("INSERT INTO changeover.checkpoint (repository, job, epoch, finished)"
                + " SELECT number, '" + (what.equals("RESEEDED") ? "RESEED" : "BACKFILL") + "', epoch, true"
                + " FROM changeover.repository WHERE name = '" + repository + "' ON CONFLICT DO NOTHING");
        database.execute("SELECT changeover.settle(number, epoch, '" + what + "', 'test', 'test', true)"
                + " FROM changeover.repository WHERE name = '" + repository + "'");
    }

    @Override
    protected List<String> history(String repository) {
        return database.queryStrings("SELECT concat_ws(' ', action, coalesce(before, '-'), after, actor, reason)"
                + " FROM changeover.history WHERE repository = '" + repository + "' ORDER BY id");
    }
}
