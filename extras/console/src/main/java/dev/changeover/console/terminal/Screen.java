package dev.changeover.console.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/**
 * Where a verb shows what it found: the answer goes to the standard output, as text or as one JSON document, and what is
 * said beside it to the standard error. Not safe for use by several threads, but for {@link #note}.
 */
public final class Screen {
    private static final int LONGEST_TEXT = 2_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Look look;

    /**
     * How it looks.
     *
     * @param json whether the answer is JSON
     * @param styled whether colours may be used
     * @param terminal whether somebody watches, so that a line may be overwritten
     * @param width the width of the lines, in characters
     */
    public record Look(boolean json, boolean styled, boolean terminal, int width) {}

    /** Shows on these. */
    public Screen(PrintWriter out, PrintWriter err, Look look) {
        this.out = out;
        this.err = err;
        this.look = look;
    }

    /** Returns how it looks. */
    public Look look() {
        return look;
    }

    /** Shows a text, wrapped. */
    public void line(String text) {
        Wrap.at(look.width(), Plain.of(text, LONGEST_TEXT)).forEach(out::println);
    }

    /** Shows a text as it is; for texts that this program has made itself. */
    public void raw(String text) {
        out.print(text);
        out.flush();
    }

    /** Shows a table. */
    public void table(Table table) {
        table.lines(look.width(), look.styled()).forEach(out::println);
    }

    /** Shows a JSON document. */
    public void json(JsonNode node) {
        out.println(Json.write(node));
    }

    /** Says something beside the answer. */
    public void note(String text) {
        Wrap.at(look.width(), Plain.of(text, LONGEST_TEXT)).forEach(err::println);
        err.flush();
    }

    /** Replaces the line that is being watched; only on a terminal. */
    void overwrite(String text) {
        String plain = Plain.of(text, look.width() - 1);
        err.print("\r" + plain + " ".repeat(look.width() - 1 - plain.length()) + "\r" + plain);
        err.flush();
    }

    /** Shows everything now. */
    public void flush() {
        out.flush();
        err.flush();
    }
}
