package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Table;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes until the follower shows what somebody who does not know the library has committed: a sentinel
 * marks it, the drain in the background finds the mark and copies.
 */
final class ForeignLag {

    private static final String NAME = "foreign";
    private static final long POLL_NANOS = 200_000;
    private static final long LEAST_PAUSE_MILLIS = 50;
    private static final Duration MOST = Duration.ofSeconds(60);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Schemas schemas;
    private final Connection foreign;
    private final Connection follower;
    private final Random pauses = new Random(1);

    private ForeignLag(Schemas schemas, Connection foreign, Connection follower) {
        this.schemas = schemas;
        this.foreign = foreign;
        this.follower = follower;
    }

    static void run(Stand stand, int samples, Table table) throws Exception {
        Schemas schemas = stand.schemas(NAME);
        try (Routed routed = Routed.open(Follower.STATE.named(NAME), stand, schemas, 1, Settings.DEFAULTS);
                Connection foreign = stand.database().connection();
                Connection follower = stand.database().connection()) {
            routed.changeover().sentinels().install(NAME, Strangers.REFUSE, "benchmark", "benchmark");
            routed.move(Stage.DUAL_WRITE);
            tell(new ForeignLag(schemas, foreign, follower).measure(samples), table);
            routed.changeover().drain().awaitEmpty(NAME, MOST);
            routed.check();
        }
    }

    private double[] measure(int samples) throws Exception {
        double[] millis = new double[samples];
        // the first one is not counted
        for (int i = -1; i < samples; i++) {
            // at any moment between two looks of the drain
            TimeUnit.MILLISECONDS.sleep(LEAST_PAUSE_MILLIS
                    + pauses.nextInt((int) Settings.DEFAULTS.drainIdle().toMillis()));
            double one = once(i + 2, -1 - i) / NANOS_PER_MILLI;
            if (i >= 0) {
                millis[i] = one;
            }
        }
        return millis;
    }

    private long once(long id, long balance) throws SQLException {
        write(id, balance);
        long committed = System.nanoTime();
        while (!shows(id, balance)) {
            if (System.nanoTime() - committed > MOST.toNanos()) {
                throw new IllegalStateException("The follower still lacks row " + id);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return System.nanoTime() - committed;
    }

    /** Commits by itself. */
    private void write(long id, long balance) throws SQLException {
        try (PreparedStatement update =
                foreign.prepareStatement("UPDATE " + schemas.old() + " SET balance = ? WHERE id = ?")) {
            update.setLong(1, balance);
            update.setLong(2, id);
            update.executeUpdate();
        }
    }

    private boolean shows(long id, long balance) throws SQLException {
        try (PreparedStatement select =
                follower.prepareStatement("SELECT FROM " + schemas.fresh() + " WHERE id = ? AND balance = ?")) {
            select.setLong(1, id);
            select.setLong(2, balance);
            try (ResultSet result = select.executeQuery()) {
                return result.next();
            }
        }
    }

    private static void tell(double[] millis, Table table) {
        table.row(
                "foreign commit to converged follower, default settings, %d samples".formatted(millis.length),
                String.format(
                        Locale.ROOT,
                        "p50 %.0f ms, p95 %.0f ms, max %.0f ms",
                        Samples.median(millis),
                        Samples.quantile(0.95, millis),
                        Samples.quantile(1, millis)));
    }
}
