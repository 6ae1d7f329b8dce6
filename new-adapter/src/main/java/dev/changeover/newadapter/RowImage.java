package dev.changeover.newadapter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.RowN;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** One row as it should be. */
final class RowImage {

    private final TableShape shape;
    private final Map<Field<?>, @Nullable Object> values = new HashMap<>();
    private final Set<Field<?>> kept = new HashSet<>();

    RowImage(TableShape shape, Object parentKey) {
        this.shape = shape;
        values.put(shape.parent(), parentKey);
    }

    TableShape shape() {
        return shape;
    }

    void put(Field<?> field, @Nullable Object value) {
        if (!shape.fields().contains(field)) {
            throw new IllegalArgumentException(
                    field + " of " + shape.name() + " is not declared. Declare it with fields(..), or do not set it");
        }
        values.put(field, value);
    }

    /** A field that was forgotten must not be written as null. */
    void requireComplete() {
        List<Field<?>> missing = new ArrayList<>(shape.fields());
        missing.removeAll(values.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalStateException("The mapping to " + shape.name() + " does not set " + missing
                    + ". Set each declared field, or declare it with own(..)");
        }
    }

    /** What identifies the row within its table. */
    List<@Nullable Object> identity() {
        List<@Nullable Object> identity = new ArrayList<>();
        shape.keys().forEach(field -> identity.add(values.get(field)));
        return identity;
    }

    RowN identityRow() {
        return DSL.row(shape.keys().stream().map(this::value).toList());
    }

    /** The values of all mapped fields, and others behind them. */
    List<QueryPart> values(Collection<Field<?>> others) {
        List<QueryPart> all = new ArrayList<>();
        shape.fields().forEach(field -> all.add(value(field)));
        all.addAll(others);
        return all;
    }

    /** Leaves those lossy fields alone whose present value means what this row says. */
    void keepWhatMeansTheSame(RowImage present) {
        for (Field<?> field : shape.lossy()) {
            if (Objects.deepEquals(values.get(field), present.values.get(field))) {
                kept.add(field);
            }
        }
    }

    boolean keeps(Field<?> field) {
        return kept.contains(field);
    }

    boolean saysTheSame(RowImage other) {
        return shape.fields().stream()
                .allMatch(field -> Objects.deepEquals(values.get(field), other.values.get(field)));
    }

    private Field<?> value(Field<?> field) {
        return DSL.val(values.get(field), field);
    }
}
