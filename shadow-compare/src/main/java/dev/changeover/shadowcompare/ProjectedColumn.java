package dev.changeover.shadowcompare;

import java.util.Set;

/**
 * A column of both projections. What PostgreSQL finds equal is not always the same: 1.0 and 1.00, -0.0 and 0.0, one month
 * and thirty days. So types whose equality is not identity are compared by their image, and json, which has no equality,
 * with them. What is told apart needlessly is judged in Java and comes to nothing.
 *
 * @param name the quoted name
 * @param legacy the type that legacy's projection yields
 * @param next the type that new's yields
 */
record ProjectedColumn(String name, String legacy, String next) {

    private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint");
    private static final Set<String> TEXT = Set.of("text", "character varying");
    private static final Set<String> EXACT = Set.of(
            "smallint",
            "integer",
            "bigint",
            "uuid",
            "boolean",
            "date",
            "time without time zone",
            "timestamp without time zone",
            "timestamp with time zone",
            "bytea");

    /** Tells whether both sides are to be compared by their image, all such columns at once. */
    boolean byImage() {
        return legacy.equals(next) && !EXACT.contains(legacy) && !TEXT.contains(legacy);
    }

    /** Returns a condition over {@code l} and {@code n} that tells that the values are not the same. */
    String differs() {
        if (TEXT.contains(legacy) && TEXT.contains(next)) {
            return "l." + name + " COLLATE \"C\" IS DISTINCT FROM n." + name + " COLLATE \"C\"";
        }
        if (EXACT.contains(legacy) && sameKind()) {
            return "l." + name + " IS DISTINCT FROM n." + name;
        }
        return text("l", legacy) + " IS DISTINCT FROM " + text("n", next);
    }

    /** Returns what of the row {@code s} goes into its hash: a type of which one value has one image and one hash. */
    String hashed(boolean ofLegacy) {
        String type = ofLegacy ? legacy : next;
        if (WHOLE.contains(legacy) && WHOLE.contains(next)) {
            return "s." + name + "::bigint";
        }
        return EXACT.contains(type) && legacy.equals(next) ? "s." + name : text("s", type);
    }

    private boolean sameKind() {
        return legacy.equals(next) || (WHOLE.contains(legacy) && WHOLE.contains(next));
    }

    /** A cast of char(n) to text would take its blanks away; and some collations find different texts equal. */
    private String text(String alias, String type) {
        String value = alias + "." + name;
        return (type.equals("character") ? "textin(bpcharout(" + value + "))" : value + "::text") + " COLLATE \"C\"";
    }
}
