package dev.changeover.proof.torture;

import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/** A server of its own, which may be crashed, and a database that every round copies. */
final class Arena implements AutoCloseable {

    private static final String TEMPLATE = "torture_template";

    private final PostgresCluster cluster = PostgresCluster.builder().start();

    Arena() {
        PostgresDatabase made = PostgresDatabase.fresh()
                .in(cluster)
                .script("dev/changeover/proof/torture/town.sql")
                .open();
        try (Connection connection = made.connection()) {
            connection.setAutoCommit(false);
            ControlSchema.apply(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        cluster.createDatabase(TEMPLATE, made.name());
        made.close();
    }

    Verdict play(Plan plan, Rules rules) {
        try (PostgresDatabase database =
                PostgresDatabase.fresh().in(cluster).template(TEMPLATE).open()) {
            return new Round(database, plan, rules).run();
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
