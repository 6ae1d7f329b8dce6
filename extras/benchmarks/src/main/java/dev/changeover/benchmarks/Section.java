package dev.changeover.benchmarks;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * One table of the README.
 *
 * @param marker the name of its place in the README
 * @param lines the table, with what stands above and below it
 */
public record Section(String marker, List<String> lines) {

    /** Copies the lines. */
    public Section {
        lines = List.copyOf(lines);
    }

    /** Returns the section as it stands in the README. */
    public String markdown() {
        return String.join("\n", lines);
    }

    /** Returns the line that says when, how long and on what it was measured. */
    public static String measured(boolean shortRun, String extra) {
        String run = shortRun ? " (**short run**: proves that it works; the figures are noise)" : "";
        return "Measured %s%s. %s%s"
                .formatted(LocalDate.now(ZoneOffset.UTC), run, Machine.describe(), extra.isEmpty() ? "" : " " + extra);
    }
}
