package dev.changeover.examples.kills;

import org.jspecify.annotations.Nullable;

/**
 * A point that the job says it has reached.
 *
 * @param phase the phase of the walk
 * @param name what the job is about to do, or has done
 */
record Point(String phase, String name) {

    private static final String LINE = "POINT ";

    /** Reads a line of the job; null if it is of another kind. */
    static @Nullable Point of(String line) {
        String[] words = line.split(" ", 3);
        return line.startsWith(LINE) && words.length == 3 ? new Point(words[1], words[2]) : null;
    }

    /** Whether every life passes here, whatever it goes on with. */
    boolean ofEveryLife() {
        return switch (name) {
            case "start", "check", "wiring", "traffic" -> true;
            default -> false;
        };
    }

    /** Whether it is a step of what is done about the fault of release 1, in whatever phase that is found. */
    boolean ofMend() {
        return divergenceOpen() || name.equals("fault reviewed");
    }

    /** Whether there are divergences that nobody has reviewed yet. */
    boolean divergenceOpen() {
        return switch (name) {
            case "divergence open", "fault found", "fault mended" -> true;
            default -> false;
        };
    }

    /** The kind of move that is under way, or null. */
    @Nullable
    String move() {
        if (!name.startsWith("move ")) {
            return null;
        }
        String stage = name.substring(name.lastIndexOf(' ') + 1);
        return switch (phase) {
            case "NEW_PRIMARY" -> "BACK_TO_" + stage;
            case "BACK_AT_RAMP" -> stage + "_AGAIN";
            default -> stage;
        };
    }

    String hyphenated() {
        return name.replace(' ', '-');
    }
}
