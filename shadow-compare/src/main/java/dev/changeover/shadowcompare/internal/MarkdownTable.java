package dev.changeover.shadowcompare.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A table in Markdown, in which a value of the application neither ends a cell nor becomes markup or a link. */
public final class MarkdownTable {
    private static final int LONGEST_CELL = 2_000;
    private static final Pattern MARKUP = Pattern.compile("[\\\\`*\\[|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])");
    private static final Pattern LINK = Pattern.compile("(?i)(:(?=//)|(?<=www)\\.)");

    private MarkdownTable() {}

    /** Returns the table, or a word if it has no rows. */
    public static String of(List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return "None.";
        }
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        all.add(head.stream().map(cell -> "---").toList());
        all.addAll(rows);
        return all.stream().map(MarkdownTable::line).collect(Collectors.joining("\n"));
    }

    private static String line(List<String> cells) {
        return cells.stream().map(MarkdownTable::escaped).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** Bounded first: what is cut off needs no escaping, and an escape is not cut in two. */
    public static String escaped(String cell) {
        String plain = PlainText.of(cell, LONGEST_CELL);
        String inert = LINK.matcher(MARKUP.matcher(plain).replaceAll("\\\\$0")).replaceAll("\\\\$1");
        return inert.replace("&", "&amp;").replace("<", "&lt;");
    }
}
