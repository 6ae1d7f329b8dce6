package dev.changeover.core;

import java.util.List;

/**
 * One side's rows as SQL. Two stores with projections onto the same canonical columns are copied into one another by
 * the server, without the rows travelling through the application, and compared by a join.
 */
public interface SqlProjection {

    /** Returns the names of the canonical columns, the key first; equal on both sides. */
    List<String> columns();

    /**
     * Returns a SELECT without parameters over this side's tables that yields exactly the canonical columns, one row
     * for each present entity. The optimiser must be able to push a condition on the key into it.
     */
    String select();

    /**
     * Returns the statements that make this side's rows of some keys equal to {@code source}: upserts, children, and
     * removal of the keys that the source does not have. Each statement takes the {@code text[]} of the keys as its only
     * parameter, written once as {@code ?}.
     *
     * @param source a parenthesised SELECT or a relation with the canonical columns
     */
    List<String> absorb(String source);

    /**
     * As {@link #absorb}, but existing rows stay untouched and nothing is removed; the first statement returns the keys
     * that it wrote.
     */
    List<String> absorbMissing(String source);

    /**
     * Returns a SELECT of one boolean: whether this side has a row of any of the keys, present or absent. Its parameter is
     * that of {@link #absorb}.
     */
    String holdsAny();

    /**
     * As {@link #absorbMissing} for keys of which {@link #holdsAny} has said that there is no row: the statements fail on one
     * that has come meanwhile. Every statement takes all keys. The server is spared looking for each row twice.
     */
    List<String> absorbNew(String source);
}
