package dev.changeover.legacyadapter;

/**
 * The description of a table of children in the making. All names are as the catalogue spells them, without quotes. For
 * one thread.
 */
public final class JdbcChildren {

    private final Columns columns;

    JdbcChildren(String schema, String table) {
        this.columns = new Columns(schema, table);
    }

    /** Declares the column that holds the key of the root. */
    public JdbcChildren parent(String column) {
        columns.parent(column);
        return this;
    }

    /** Declares the columns of a primary key or unique constraint; the parent's column may be one of them. */
    public JdbcChildren key(String... keyColumns) {
        columns.key(keyColumns);
        return this;
    }

    /** Declares the other columns that the mapping reads and writes. */
    public JdbcChildren columns(String... names) {
        columns.add(names);
        return this;
    }

    /** Declares columns that this side owns alone: the mapping does not see them, and a copy never touches them. */
    public JdbcChildren own(String... names) {
        columns.own(names);
        return this;
    }

    /** Declares columns whose present value stays where it already means what the entity says. */
    public JdbcChildren lossy(String... names) {
        columns.lossy(names);
        return this;
    }

    /** Declares by which columns the children of a root are sorted when they are read; by default their key. */
    public JdbcChildren orderedBy(String... names) {
        columns.order(names);
        return this;
    }

    TableShape shape() {
        return columns.shape();
    }
}
