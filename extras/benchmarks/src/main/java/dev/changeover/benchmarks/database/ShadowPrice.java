package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.Samples;
import dev.changeover.benchmarks.Samples.Interval;
import dev.changeover.benchmarks.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What it costs a caller when every read is repeated on the other side behind his back. In a window every kind of read is
 * done many times in a row, each window in another order; a ratio is of two p50 of the same window.
 */
final class ShadowPrice {

    private static final int READS = 200;
    private static final double NANOS_PER_MICRO = 1e3;

    private final List<ShadowedReads> kinds;
    private final List<double[]> medians = new ArrayList<>();
    private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);
    private final long rows;

    private ShadowPrice(List<ShadowedReads> kinds, long rows, int windows) {
        this.kinds = kinds;
        this.rows = rows;
        kinds.forEach(kind -> medians.add(new double[windows]));
    }

    /** Measures; a few windows come first and are not counted. */
    static void run(Stand stand, int windows, Table table) {
        List<ShadowedReads> kinds = ShadowedReads.all(stand);
        ShadowPrice price = new ShadowPrice(kinds, stand.rows(), windows);
        try {
            for (int window = -Math.max(2, windows / 4); window < windows; window++) {
                price.window(window);
            }
            price.fill(table);
        } finally {
            kinds.forEach(ShadowedReads::close);
        }
    }

    private void window(int window) {
        for (int i = 0; i < kinds.size(); i++) {
            // every other window the other way round
            int place = window % 2 == 0 ? i : kinds.size() - 1 - i;
            int which = (place + Math.max(0, window)) % kinds.size();
            double median = median(kinds.get(which));
            if (window >= 0) {
                medians.get(which)[window] = median;
            }
        }
    }

    private double median(ShadowedReads kind) {
        long[] nanos = new long[READS];
        for (int i = 0; i < READS; i++) {
            long id = 1 + random.nextLong(rows);
            long start = System.nanoTime();
            kind.find(id);
            nanos[i] = System.nanoTime() - start;
        }
        return Samples.median(nanos);
    }

    private void fill(Table table) {
        double[] plain = medians.get(0);
        for (int kind = 0; kind < kinds.size(); kind++) {
            double[] own = medians.get(kind);
            double[] ratios = new double[own.length];
            for (int window = 0; window < ratios.length; window++) {
                ratios[window] = own[window] / plain[window];
            }
            table.row(
                    kinds.get(kind).title(),
                    String.format(Locale.ROOT, "%.0f", Samples.median(own) / NANOS_PER_MICRO),
                    kind == 0 ? "" : Interval.of(ratios).toString(),
                    kinds.get(kind).repeated());
        }
    }
}
