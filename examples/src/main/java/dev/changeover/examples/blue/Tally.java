package dev.changeover.examples.blue;

import org.jspecify.annotations.Nullable;

/**
 * What the old build has been told so far, as a line of its output.
 *
 * @param acknowledged writes that succeeded
 * @param refused units of work that sentinels refused
 */
record Tally(long acknowledged, long refused) {

    static final Tally NOTHING = new Tally(0, 0);

    private static final String WORD = "TALLY";

    /** Reads a line; null if it is of another kind. */
    static @Nullable Tally of(String line) {
        String[] words = line.split(" ");
        return words.length == 3 && words[0].equals(WORD)
                ? new Tally(Long.parseLong(words[1]), Long.parseLong(words[2]))
                : null;
    }

    String line() {
        return WORD + " " + acknowledged + " " + refused;
    }

    Tally plus(Tally other) {
        return new Tally(acknowledged + other.acknowledged, refused + other.refused);
    }

    Tally minus(Tally earlier) {
        return new Tally(acknowledged - earlier.acknowledged, refused - earlier.refused);
    }

    @Override
    public String toString() {
        return acknowledged + " acknowledged, " + refused + " refused";
    }
}
