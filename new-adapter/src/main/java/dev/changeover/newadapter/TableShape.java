package dev.changeover.newadapter;

import java.util.ArrayList;
import java.util.List;
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
 */
record TableShape(
        Table<?> table,
        Field<?> parent,
        List<Field<?>> keys,
        List<Field<?>> fields,
        Set<Field<?>> lossy,
        List<Field<?>> order) {

    List<Field<?>> updatable() {
        List<Field<?>> updatable = new ArrayList<>(fields);
        updatable.removeAll(keys);
        return updatable;
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
