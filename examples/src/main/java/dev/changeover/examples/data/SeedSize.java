package dev.changeover.examples.data;

/**
 * How much data the job starts from.
 *
 * @param users how many users
 * @param rooms how many rooms
 * @param auditLogs how many audit entries
 */
public record SeedSize(int users, int rooms, int auditLogs) {

    /** Returns the default size times this factor, never so small that a writer would have nothing to write. */
    public static SeedSize scaled(double factor) {
        if (factor <= 0) {
            throw new IllegalArgumentException("--scale " + factor + ": use a number above 0, such as 0.1");
        }
        return new SeedSize(
                Math.max(200, (int) (50_000 * factor)), Math.max(400, (int) (100_000 * factor)), Math.max(800, (int)
                        (200_000 * factor)));
    }

    /** Returns the number of all rows. */
    public int rows() {
        return users + rooms + auditLogs;
    }
}
