package dev.changeover.legacyadapter;

import org.jspecify.annotations.Nullable;

/**
 * Takes what an entity says about one row. Every declared column must be set, to null if need be, except the key of
 * the root and the parent's key of a child, which the store sets itself. For one thread, during the mapping only.
 */
public final class RowWriter {

    private final Image image;
    private final RowImage row;

    RowWriter(Image image, RowImage row) {
        this.image = image;
        this.row = row;
    }

    /**
     * Sets a column. Texts are converted by the server to the type of the column, so a text fits any type. Moments are
     * cut to microseconds, an enum constant is written by its name, bytes as {@code bytea}, a collection as an array.
     *
     * @param value a text, number, boolean, UUID, {@code java.time} value, enum constant, byte array, collection of
     *     such, or null
     * @throws IllegalArgumentException if the column is not declared, or the value is of another type
     */
    public RowWriter set(String column, @Nullable Object value) {
        row.put(column, Json.token(value));
        return this;
    }

    /**
     * Sets a column of one of the JSON types.
     *
     * @param json a valid JSON text, or null; the JSON value {@code null} is written as an SQL null
     * @throws IllegalArgumentException if the column is not declared
     */
    public RowWriter json(String column, @Nullable String json) {
        row.put(column, json == null ? Json.NULL : json);
        return this;
    }

    /**
     * Adds a row to a table of children.
     *
     * @throws IllegalArgumentException if no children are declared in this table
     */
    public RowWriter child(String table) {
        return new RowWriter(image, image.addChild(table));
    }
}
