package dev.changeover.newadapter;

import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Takes what an entity says about one row. Every declared field must be set, to null if need be, except the key of the
 * root and the parent's key of a child, which the store sets itself. For one thread, during the mapping only.
 */
public final class JooqRowWriter {

    private final Image<?> image;
    private final RowImage row;

    JooqRowWriter(Image<?> image, RowImage row) {
        this.image = image;
        this.row = row;
    }

    /**
     * Sets a field.
     *
     * @throws IllegalArgumentException if the field is not declared
     */
    public <T> JooqRowWriter set(Field<T> field, @Nullable T value) {
        row.put(field, value);
        return this;
    }

    /**
     * Adds a row to a table of children.
     *
     * @throws IllegalArgumentException if no children are declared in this table
     */
    public JooqRowWriter child(Table<?> table) {
        return new JooqRowWriter(image, image.addChild(table));
    }
}
