package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Changeover;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Settings;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.PostgresCluster;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A server whose lock table is too small for the key locks is noticed at the start, not in the middle of the night. */
class LockTableTest {

    @Test
    void moreKeyLocksThanAQuarterOfTheLockTableAreRefused() throws SQLException {
        try (PostgresCluster cluster =
                PostgresCluster.builder().setting("max_connections", "40").start()) {
            cluster.createDatabase("small");
            DataSource pool = cluster.dataSource("small");
            try (Connection connection = pool.getConnection()) {
                ControlSchema.apply(connection);
            }

            assertThatThrownBy(() -> start(pool, Settings.DEFAULTS))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("settings.drainBatch")
                    .hasMessageContaining("2560")
                    .hasMessageContaining("max_locks_per_transaction");
            assertThatCode(() ->
                            start(pool, Settings.DEFAULTS.withDrainBatch(40).withWorkers(2)))
                    .doesNotThrowAnyException();
        }
    }

    private static void start(DataSource pool, Settings settings) {
        Changeover.builder()
                .dataSource(pool)
                .transactions(JdbcTransactions.on(pool))
                .settings(settings)
                .instance("lock-table", "proof")
                .start()
                .close();
    }
}
