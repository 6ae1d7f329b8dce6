package dev.changeover.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Markdown table in the making. */
public final class Table {

    private final List<String> lines = new ArrayList<>();

    /** Begins a table with these columns. */
    public Table(String... columns) {
        row((Object[]) columns);
        lines.add("|---".repeat(columns.length) + "|");
    }

    /** Adds a row. */
    public Table row(Object... cells) {
        lines.add(List.of(cells).stream().map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |")));
        return this;
    }

    /** Returns the lines. */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
