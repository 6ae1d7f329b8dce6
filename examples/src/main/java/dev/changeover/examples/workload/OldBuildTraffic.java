package dev.changeover.examples.workload;

import dev.changeover.examples.database.Savepoints;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.legacy.LegacySide;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/**
 * The traffic of an instance that still runs the old build: one writer of the same application. When sentinels refuse
 * its writes it rolls back and goes on trying.
 */
public final class OldBuildTraffic {

    /** Makes the names that it gives its own. */
    private static final int NUMBER = 99;

    private final Writer writer;

    /** Prepares traffic over the repositories of the old build. */
    public OldBuildTraffic(
            long seed,
            DataSource dataSource,
            LegacySide legacy,
            Population population,
            Journal journal,
            Metrics metrics) {
        Ports ports = new Ports(legacy.users(), legacy.rooms(), legacy.auditLogs());
        UnitRunner runner = new UnitRunner(
                new Deployment(ports), legacy.transactionManager(), new Savepoints(dataSource), journal, metrics, true);
        writer = new Writer(NUMBER, seed, 1, runner, population, legacy.profiles(), () -> true, () -> false);
    }

    /**
     * Writes until it is to stop.
     *
     * @param writesPerSecond how many writes it aims at, and how many tries while it is refused
     * @param step runs after each unit of work
     */
    public void run(double writesPerSecond, BooleanSupplier stopped, Runnable step) {
        Pace pace = new Pace(writesPerSecond);
        while (!stopped.getAsBoolean()) {
            int writes = writer.step();
            step.run();
            pace.after(Math.max(1, writes));
        }
    }
}
