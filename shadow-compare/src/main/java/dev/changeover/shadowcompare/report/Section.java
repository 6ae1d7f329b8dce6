package dev.changeover.shadowcompare.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of what is said of a repository, for people. HTML shows all of it, Markdown leaves the pictures out.
 *
 * @param id its name in links
 * @param title what it answers
 * @param wide whether it needs the whole width of a page
 * @param parts what it shows, in order
 */
record Section(String id, String title, boolean wide, List<Part> parts) {

    Section(String id, String title, boolean wide) {
        this(id, title, wide, new ArrayList<>());
    }

    Section say(String text) {
        parts.add(new Prose(text));
        return this;
    }

    Section add(Part part) {
        parts.add(part);
        return this;
    }

    /** A part of a section. */
    sealed interface Part {}

    /** A sentence or two. */
    record Prose(String text) implements Part {}

    /** Drawn, with a text of its own for who does not see it. */
    record Picture(Html html) implements Part {}

    /** What a cell means, beside what it says. */
    enum Tone {
        PLAIN,
        CODE,
        NUMBER,
        GOOD,
        BAD,
        WARN,
        QUIET
    }

    /** A cell; {@code picture} is shown beneath its text. */
    record Cell(String text, Tone tone, Html picture) {
        Cell(String text, Tone tone) {
            this(text, tone, new Html());
        }

        static Cell of(String text) {
            return new Cell(text, Tone.PLAIN);
        }

        static Cell code(String text) {
            return new Cell(text, Tone.CODE);
        }

        static Cell number(long number) {
            return new Cell(Words.number(number), Tone.NUMBER);
        }

        static Cell number(String text) {
            return new Cell(text, Tone.NUMBER);
        }
    }

    /** A table; {@code folded} ones are opened by who wants to see them. {@code indents} is empty or the depth of each row. */
    record Table(String caption, boolean folded, List<String> head, List<List<Cell>> rows, List<Integer> indents)
            implements Part {
        Table(String caption, boolean folded, List<String> head, List<List<Cell>> rows) {
            this(caption, folded, head, rows, List.of());
        }
    }
}
