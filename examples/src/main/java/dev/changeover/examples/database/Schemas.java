package dev.changeover.examples.database;

/**
 * The names of the two schemas.
 *
 * @param legacy the schema that the application comes from
 * @param next the schema that it moves to
 */
public record Schemas(String legacy, String next) {

    /** The names that the generated classes carry. */
    public static final Schemas DEFAULT = new Schemas("conference_legacy", "conference_new");

    /** Refuses names that would have to be quoted. */
    public Schemas {
        requirePlain(legacy);
        requirePlain(next);
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
