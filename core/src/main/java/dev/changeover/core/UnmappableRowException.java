package dev.changeover.core;

/** A row has no image as an entity, so it can be neither copied nor compared. The value itself is not told. */
public final class UnmappableRowException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String table;
    private final String column;
    private final String key;

    /**
     * Creates the exception.
     *
     * @param table the qualified table
     * @param column the column that cannot be read
     * @param key the key of the row, as text
     * @param problem what is wrong with the value, without the value
     */
    public UnmappableRowException(String table, String column, String key, String problem) {
        super(table + "." + column + " of key " + key + " cannot be mapped: " + problem
                + ". Mend the row, or extend the mapping of this column");
        this.table = table;
        this.column = column;
        this.key = key;
    }

    /** Returns the qualified table. */
    public String table() {
        return table;
    }

    /** Returns the column that cannot be read. */
    public String column() {
        return column;
    }

    /** Returns the key of the row, as text. */
    public String key() {
        return key;
    }
}
