package dev.changeover.newadapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.RowN;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** One row as it should be. */
final class RowImage {

    private final TableShape shape;
    private final @Nullable Object[] values;
    private final BitSet given = new BitSet();
    private final BitSet kept = new BitSet();

    RowImage(TableShape shape, Object parentKey) {
        this.shape = shape;
        this.values = new Object[shape.fields().size()];
        put(shape.parent(), parentKey);
    }

    TableShape shape() {
        return shape;
    }

    void put(Field<?> field, @Nullable Object value) {
        int position = shape.position(field);
        values[position] = value;
        given.set(position);
    }

    /** A field that was forgotten must not be written as null. */
    void requireComplete() {
        if (given.cardinality() < values.length) {
            List<Field<?>> missing = new ArrayList<>(shape.fields());
            missing.removeIf(field -> given.get(shape.position(field)));
            throw new IllegalStateException("The mapping to " + shape.name() + " does not set " + missing
                    + ". Set each declared field, or declare it with own(..)");
        }
    }

    @Nullable
    Object value(int position) {
        return values[position];
    }

    /** What identifies the row within its table. */
    List<@Nullable Object> identity() {
        List<@Nullable Object> identity = new ArrayList<>();
        shape.keys().forEach(field -> identity.add(values[shape.position(field)]));
        return identity;
    }

    RowN identityRow() {
        return DSL.row(shape.keys().stream().map(this::bound).toList());
    }

    /** The values of all mapped fields, and others behind them. */
    List<QueryPart> values(Collection<Field<?>> others) {
        List<QueryPart> all = new ArrayList<>();
        shape.fields().forEach(field -> all.add(bound(field)));
        all.addAll(others);
        return all;
    }

    /** Leaves those lossy fields alone whose present value means what this row says. */
    void keepWhatMeansTheSame(RowImage present) {
        for (Field<?> field : shape.lossy()) {
            int position = shape.position(field);
            if (Objects.deepEquals(values[position], present.values[position])) {
                kept.set(position);
            }
        }
    }

    boolean keeps(Field<?> field) {
        return kept.get(shape.position(field));
    }

    boolean saysTheSame(RowImage other) {
        return Arrays.deepEquals(values, other.values);
    }

    private Field<?> bound(Field<?> field) {
        return DSL.val(values[shape.position(field)], field);
    }
}
