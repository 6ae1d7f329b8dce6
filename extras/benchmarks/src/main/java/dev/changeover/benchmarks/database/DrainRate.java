package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Table;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import java.util.Locale;

/** How many marked keys a second one drain converges, in batches and one by one. */
final class DrainRate {

    private static final int BATCH = 500;
    private static final double LEAST_RATE = 10_000;
    private static final double LEAST_GAIN = 10;
    private static final int TIMES = 3;

    private DrainRate() {}

    static void run(Stand stand, int marks, Table table) {
        Schemas schemas = stand.schemas(Follower.STATE.key());
        double batched = rate(stand, schemas, BATCH, marks);
        double single = rate(stand, schemas, 1, marks / 20);
        table.row(
                "drain, batch 500, one thread",
                String.format(Locale.ROOT, "%,.0f marks/s", batched),
                "≥ 10,000",
                batched >= LEAST_RATE ? "met" : "missed");
        table.row(
                "drain, batch 500 over one by one",
                String.format(Locale.ROOT, "%.0f× (one by one: %,.0f marks/s)", batched / single, single),
                "≥ 10×",
                batched / single >= LEAST_GAIN ? "met" : "missed");
    }

    private static double rate(Stand stand, Schemas schemas, int batch, int marks) {
        Settings settings = Settings.DEFAULTS.withDrainBatch(batch);
        try (Routed routed = Routed.open(Follower.STATE, stand, schemas, 1, settings)) {
            if (routed.changeover().stages().of(routed.name()).stage() == Stage.LEGACY_ONLY) {
                routed.move(Stage.DUAL_WRITE);
            }
            routed.changeover().drain().pause();
            double[] rates = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                mark(stand, schemas, routed.number(), marks);
                long start = System.nanoTime();
                long left = routed.changeover().drain().drainNow(routed.name());
                rates[i] = marks / ((System.nanoTime() - start) / 1e9);
                if (left > 0) {
                    throw new IllegalStateException(left + " marks are left");
                }
            }
            routed.check();
            return Samples.median(rates);
        }
    }

    /** Changes rows behind the library's back and marks them. */
    private static void mark(Stand stand, Schemas schemas, int number, int marks) {
        stand.database().execute("""
                UPDATE %1$s SET balance = balance + 1 WHERE id <= %3$d;
                SELECT changeover.mark(%2$d, array_agg(id::text), 'LEGACY', 'BENCHMARK') FROM %1$s WHERE id <= %3$d;
                ANALYZE %1$s;
                ANALYZE changeover.mark;
                """.formatted(schemas.old(), number, marks));
    }
}
