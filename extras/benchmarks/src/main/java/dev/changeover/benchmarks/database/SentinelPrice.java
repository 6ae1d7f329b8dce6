package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Samples.Interval;
import dev.changeover.benchmarks.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What sentinels add to one statement of many rows. In a window every kind of statement runs once, each window in
 * another order; a ratio is of two statements of the same window, so that what slows the machine for a while slows
 * both.
 */
final class SentinelPrice {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<BulkUpdate, double[]> millis = new EnumMap<>(BulkUpdate.class);

    private SentinelPrice(int windows) {
        for (BulkUpdate update : BulkUpdate.values()) {
            millis.put(update, new double[windows]);
        }
    }

    /** Measures; one window comes first and is not counted. */
    static void run(Stand stand, int windows, Table table) throws SQLException {
        SentinelPrice price = new SentinelPrice(windows);
        try (Baskets baskets = Baskets.open(stand);
                Connection connection = stand.database().connection()) {
            for (int window = -1; window < windows; window++) {
                price.window(window, connection, baskets.number(), stand.rows());
            }
        }
        for (BulkUpdate update : BulkUpdate.values()) {
            table.row(update.title(), price.median(update), price.ratio(update));
        }
    }

    private void window(int window, Connection connection, int repository, long rows) throws SQLException {
        BulkUpdate[] all = BulkUpdate.values();
        for (int i = 0; i < all.length; i++) {
            // every other window the other way round
            int place = window % 2 == 0 ? i : all.length - 1 - i;
            BulkUpdate update = all[(place + Math.max(0, window)) % all.length];
            long nanos = update.nanos(connection, repository, rows);
            if (window >= 0) {
                millis.get(update)[window] = nanos / NANOS_PER_MILLI;
            }
        }
    }

    private String median(BulkUpdate update) {
        return String.format(Locale.ROOT, "%.0f", Samples.median(millis.get(update)));
    }

    private String ratio(BulkUpdate update) {
        BulkUpdate plain = update.plain();
        if (update == plain) {
            return "";
        }
        double[] ratios = new double[millis.get(update).length];
        for (int window = 0; window < ratios.length; window++) {
            ratios[window] = millis.get(update)[window] / millis.get(plain)[window];
        }
        return Interval.of(ratios).toString();
    }
}
