package dev.changeover.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Medians, and how sure they are. */
public final class Samples {

    private static final double Z95 = 1.96;

    private Samples() {}

    /** Returns the median. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the median. */
    public static double median(long... values) {
        return median(Arrays.stream(values).asDoubleStream().toArray());
    }

    /** Returns the least value that so large a share of the values does not exceed. */
    public static double quantile(double share, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /**
     * A median with the 95 % interval that the order of the values gives, whatever their distribution. With less than
     * six values it is the least and the greatest, which is less than 95 %.
     */
    public record Interval(double median, double low, double high) {

        /** Returns the interval of these values. */
        public static Interval of(double... values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int n = sorted.length;
            int outside = Math.max(0, (int) Math.floor((n + 1 - Z95 * Math.sqrt(n)) / 2) - 1);
            return new Interval(Samples.median(sorted), sorted[outside], sorted[n - 1 - outside]);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", median, low, high);
        }
    }
}
