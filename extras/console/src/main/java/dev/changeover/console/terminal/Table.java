package dev.changeover.console.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A table that fits the width it is given: the widest columns give way first, and their cells go on below. */
public final class Table {
    private static final int LONGEST_CELL = 400;
    private static final int MOST_LINES = 18;
    private static final int NARROWEST = 6;
    private static final String GAP = "  ";

    private final List<String> headers;
    private final List<List<String>> rows = new ArrayList<>();

    private Table(List<String> headers) {
        this.headers = headers;
    }

    /** Begins a table with these headings. */
    public static Table of(String... headers) {
        return new Table(List.of(headers));
    }

    /** Adds a row; null is an empty cell. */
    public Table row(@Nullable Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> Plain.of(cell == null ? null : cell.toString(), LONGEST_CELL))
                .toList());
        return this;
    }

    /** Tells whether it has no rows. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    List<String> lines(int width, boolean styled) {
        int[] widths = widths(width);
        List<String> lines = new ArrayList<>();
        print(lines, headers, widths, UnaryOperator.identity());
        for (List<String> row : rows) {
            print(lines, row, widths, styled ? Style::paint : UnaryOperator.identity());
        }
        return lines;
    }

    private int[] widths(int width) {
        int[] widths = headers.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        int room = width - GAP.length() * (widths.length - 1);
        while (Arrays.stream(widths).sum() > room) {
            int widest = widest(widths);
            if (widths[widest] <= NARROWEST) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private static int widest(int[] widths) {
        int widest = 0;
        for (int i = 1; i < widths.length; i++) {
            widest = widths[i] >= widths[widest] ? i : widest;
        }
        return widest;
    }

    private static void print(List<String> lines, List<String> row, int[] widths, UnaryOperator<String> paint) {
        List<List<String>> cells = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            cells.add(bounded(Wrap.at(widths[i], row.get(i))));
        }
        int height = cells.stream().mapToInt(List::size).max().orElse(0);
        for (int line = 0; line < height; line++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = line < cells.get(i).size() ? cells.get(i).get(line) : "";
                text.append(i == 0 ? "" : GAP).append(paint.apply(pad(cell, widths[i])));
            }
            lines.add(text.toString().stripTrailing());
        }
    }

    private static List<String> bounded(List<String> lines) {
        if (lines.size() <= MOST_LINES) {
            return lines;
        }
        List<String> first = new ArrayList<>(lines.subList(0, MOST_LINES - 1));
        first.add("...");
        return first;
    }

    private static String pad(String cell, int width) {
        return cell + " ".repeat(Math.max(0, width - cell.length()));
    }
}
