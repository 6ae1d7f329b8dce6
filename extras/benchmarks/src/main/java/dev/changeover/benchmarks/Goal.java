package dev.changeover.benchmarks;

import java.util.Locale;

/** A figure that is not to be exceeded. */
public record Goal(double most) {

    /** Says whether a figure meets the goal. */
    public String verdict(double figure) {
        return figure <= most ? "met" : "missed";
    }

    /** Says whether an interval meets the goal; what lies on both sides of it is open. */
    public String verdict(double low, double high) {
        return high <= most ? "met" : low > most ? "missed" : "open";
    }

    /** Returns the figure with its unit. */
    public String text(String unit) {
        String number =
                most == Math.rint(most) ? String.valueOf((long) most) : String.format(Locale.ROOT, "%.1f", most);
        return "≤ " + number + unit;
    }
}
