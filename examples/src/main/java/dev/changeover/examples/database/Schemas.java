package dev.changeover.examples.database;

/**
 * The names of the two schemas, which differ from the default where the job runs on a user's own server.
 *
 * @param legacy the schema that the application comes from
 * @param next the schema that it moves to
 */
public record Schemas(String legacy, String next) {

    /** The names that the generated classes carry. */
    public static final Schemas DEFAULT = new Schemas("legacy_app", "app");

    /** Refuses names that would have to be quoted. */
    public Schemas {
        requirePlain(legacy);
        requirePlain(next);
    }

    /** Returns the names with a suffix, so that two runs on one server do not meet. */
    public static Schemas suffixed(String suffix) {
        return new Schemas(DEFAULT.legacy + suffix, DEFAULT.next + suffix);
    }

    /** Puts the names into a statement. */
    public String into(String sql) {
        return sql.replace("${legacy}", legacy).replace("${new}", next);
    }

    private static void requirePlain(String name) {
        if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("schema name '" + name + "': use a-z, 0-9 and _ only");
        }
    }
}
