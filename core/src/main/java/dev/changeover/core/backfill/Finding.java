package dev.changeover.core.backfill;

import java.util.List;

/**
 * Something that a {@link Preflight} found. It has keys and names of the schema, never values of rows. Immutable.
 *
 * @param severity how bad it is
 * @param what what is so
 * @param count how many keys or objects it is about
 * @param keys the first keys, as text; empty where it is about no rows
 * @param remedy what to do about it
 */
public record Finding(Severity severity, String what, long count, List<String> keys, String remedy) {

    /** How bad it is, the worst first. */
    public enum Severity {
        /** The backfill would park these rows, or not run at all. */
        FAIL,
        /** Somebody should look before it runs. */
        WARN,
        /** Good to know. */
        INFO
    }

    /** Copies the keys. */
    public Finding {
        keys = List.copyOf(keys);
    }

    /** Returns it in one line. */
    @Override
    public String toString() {
        String which = keys.isEmpty() ? "" : ", first " + String.join(", ", keys);
        return severity + " " + what + ": " + count + which + ". " + remedy;
    }
}
