package dev.changeover.newadapter;

import dev.changeover.core.UnmappableRowException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * One row of the root or of a child, to be mapped. A value that cannot be read throws {@link UnmappableRowException} with
 * table, column and key, never with the value. Safe for use by several threads.
 */
public final class JooqRow {

    private final TableShape shape;
    private final Record line;
    private final Map<Table<?>, List<JooqRow>> children = new HashMap<>();

    private JooqRow(TableShape shape, Record line) {
        this.shape = shape;
        this.line = line;
    }

    /** The fields come first, then the nested results, both in the order of the declaration. */
    static JooqRow of(Aggregate aggregate, Record line) {
        JooqRow row = new JooqRow(aggregate.root(), line);
        int position = aggregate.root().fields().size();
        for (TableShape child : aggregate.children()) {
            Result<?> nested = (Result<?>) line.get(position++);
            row.children.put(
                    child.table(),
                    nested.stream().map(each -> new JooqRow(child, each)).toList());
        }
        return row;
    }

    /** Returns a value; an SQL null cannot be mapped. */
    public <T> T get(Field<T> field) {
        return get(field, Function.identity());
    }

    /** Returns a value or null. */
    public <T> @Nullable T getOrNull(Field<T> field) {
        return getOrNull(field, Function.identity());
    }

    /**
     * Returns a converted value; an SQL null cannot be mapped.
     *
     * @param convert what it throws becomes an {@link UnmappableRowException}
     */
    public <T, U> U get(Field<T> field, Function<T, U> convert) {
        U value = getOrNull(field, convert);
        if (value == null) {
            throw unmappable(field, "it is null, or the mapping does not know its value");
        }
        return value;
    }

    /**
     * Returns a converted value, or null for an SQL null.
     *
     * @param convert what it throws becomes an {@link UnmappableRowException}
     */
    public <T, U> @Nullable U getOrNull(Field<T> field, Function<T, U> convert) {
        T value = raw(field);
        if (value == null) {
            return null;
        }
        try {
            return convert.apply(value);
        } catch (RuntimeException e) {
            // neither the value nor the cause, whose message may repeat the value
            throw unmappable(
                    field,
                    "it has a value that the mapping does not know ("
                            + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Returns the children in the declared order.
     *
     * @throws IllegalArgumentException if no children are declared in this table
     */
    public <C> List<C> children(Table<?> table, Function<JooqRow, C> reads) {
        List<JooqRow> rows = children.get(table);
        if (rows == null) {
            throw new IllegalArgumentException(
                    "No children are declared in " + table + ". Declare it with children(..)");
        }
        return rows.stream().map(reads).toList();
    }

    private <T> @Nullable T raw(Field<T> field) {
        return line.get(shape.position(field), field.getType());
    }

    private UnmappableRowException unmappable(Field<?> field, String problem) {
        Object key = line.get(shape.position(shape.parent()));
        return new UnmappableRowException(shape.name(), field.getName(), String.valueOf(key), problem);
    }
}
