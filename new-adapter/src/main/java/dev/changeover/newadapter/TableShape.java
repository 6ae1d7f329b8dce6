package dev.changeover.newadapter;

import dev.changeover.core.projection.ProjectedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Schema;
import org.jooq.Table;

/**
 * A table as the mapping sees it.
 *
 * @param parent the field that holds the root's key; of a root, its key
 * @param keys what ON CONFLICT names
 * @param fields all mapped fields, the parent and the key included
 * @param lossy mapped fields whose present value may say more than the entity does
 * @param order by what the children of a root are sorted
 * @param positions where in {@code fields} each of them is; fields are compared by name, which is slow
 */
record TableShape(
        Table<?> table,
        Field<?> parent,
        List<Field<?>> keys,
        List<Field<?>> fields,
        Set<Field<?>> lossy,
        List<Field<?>> order,
        Map<Field<?>, Integer> positions) {

    static TableShape of(
            Table<?> table,
            Field<?> parent,
            List<Field<?>> keys,
            List<Field<?>> fields,
            Set<Field<?>> lossy,
            List<Field<?>> order) {
        Map<Field<?>, Integer> positions = new HashMap<>();
        fields.forEach(field -> positions.put(field, positions.size()));
        return new TableShape(table, parent, keys, fields, lossy, order, Map.copyOf(positions));
    }

    /**
     * Returns the position of a mapped field.
     *
     * @throws IllegalArgumentException if it is not declared
     */
    int position(Field<?> field) {
        Integer position = positions.get(field);
        if (position == null) {
            throw new IllegalArgumentException(
                    field + " of " + name() + " is not declared. Declare it with fields(..), or leave it out");
        }
        return position;
    }

    List<Field<?>> updatable() {
        List<Field<?>> updatable = new ArrayList<>(fields);
        updatable.removeAll(keys);
        return updatable;
    }

    ProjectedTable projected() {
        return new ProjectedTable(
                table.getName(),
                quoted(),
                parent.getName(),
                names(keys),
                names(fields),
                lossy.stream().map(Field::getName).collect(Collectors.toSet()));
    }

    private static List<String> names(List<Field<?>> fields) {
        return fields.stream().map(Field::getName).toList();
    }

    String name() {
        return String.join(".", path());
    }

    String quoted() {
        return path().stream().map(QualifiedName::quote).collect(Collectors.joining("."));
    }

    /** A generated table knows its schema, but its own name is made without it. */
    private List<String> path() {
        Schema schema = table.getSchema();
        return schema == null || schema.getName().isEmpty()
                ? List.of(table.getQualifiedName().getName())
                : List.of(schema.getName(), table.getName());
    }
}
