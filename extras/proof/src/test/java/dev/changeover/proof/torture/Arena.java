package dev.changeover.proof.torture;

import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

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

    /** Version and durability of the server. */
    String settings() {
        try (Connection connection = cluster.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT concat_ws(' ', 'postgresql=' || split_part(version(), ' ', 2),"
                                + " 'fsync=' || current_setting('fsync'),"
                                + " 'synchronous_commit=' || current_setting('synchronous_commit'),"
                                + " 'full_page_writes=' || current_setting('full_page_writes'))")) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
