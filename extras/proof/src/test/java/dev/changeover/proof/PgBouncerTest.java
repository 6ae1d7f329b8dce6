package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PgBouncer;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two instances with far more connections to a PgBouncer in transaction mode than it has to the server. The profile
 * {@code pgbouncer} sends the other tests through one with more connections, since some hold many transactions open.
 */
@Tag("pgbouncer")
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class PgBouncerTest {

    private static final int CONNECTIONS = 4;

    @Test
    @Guarantee("G2")
    @Guarantee("G4")
    @Guarantee("G5")
    @Guarantee("G8")
    void aStormThroughFewConnectionsLosesNothing(PostgresDatabase database) {
        Storm storm = new Storm(database, 6, 64, Duration.ofSeconds(8));
        try (PgBouncer bouncer =
                PgBouncer.to(database.cluster()).poolSize(CONNECTIONS).start()) {
            List<Bank> banks = open(storm, database, bouncer);
            try {
                intact(storm.run(banks.toArray(Bank[]::new)));
            } finally {
                banks.forEach(Bank::close);
            }
        }
    }

    private static List<Bank> open(Storm storm, PostgresDatabase database, PgBouncer bouncer) {
        List<Bank> banks = new ArrayList<>();
        IntStream.range(0, 2).forEach(instance -> {
            DataSource pool = database.pool(database.dataSource(bouncer), 24);
            banks.add(storm.open(pool, UnaryOperator.identity()));
        });
        return banks;
    }

    private static void intact(Storm.Result result) {
        System.out.printf(
                "storm through %d connections: acknowledged=%d serialization=%d stage_changed=%d moves=%d refused=%d"
                        + " marked=%d%n",
                CONNECTIONS,
                result.acknowledged(),
                result.serialization(),
                result.stageChanged(),
                result.moves(),
                result.refused(),
                result.marked());
        assertThat(result.errors()).isEmpty();
        assertThat(result.wrongReads()).isEmpty();
        assertThat(result.lost()).isZero();
        assertThat(result.divergent()).isZero();
        assertThat(result.moves()).isPositive();
        assertThat(result.acknowledged()).isPositive();
    }
}
