package dev.changeover.newadapter;

import java.util.Objects;

/**
 * The name of a table, sequence or index with its schema, as the catalogue spells it, without quotes.
 *
 * @param schema the schema
 * @param name the name within the schema
 */
public record QualifiedName(String schema, String name) {

    /** Creates a name; neither part may be null. */
    public QualifiedName {
        Objects.requireNonNull(schema);
        Objects.requireNonNull(name);
    }

    /** Returns the name of an object in a schema. */
    public static QualifiedName of(String schema, String name) {
        return new QualifiedName(schema, name);
    }

    /** Returns the name for people. */
    @Override
    public String toString() {
        return schema + "." + name;
    }

    String quoted() {
        return quote(schema) + "." + quote(name);
    }

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
