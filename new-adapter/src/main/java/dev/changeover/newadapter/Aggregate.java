package dev.changeover.newadapter;

import dev.changeover.core.projection.ProjectedEntity;
import dev.changeover.core.projection.ProjectedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jspecify.annotations.Nullable;

/**
 * The tables of an entity and what absence means.
 *
 * @param absent tells that the entity is absent, or null
 * @param removal fields and the values that make an entity absent; empty where the row is deleted
 * @param revival fields and the values that make it present again
 */
record Aggregate(
        TableShape root,
        List<TableShape> children,
        @Nullable Condition absent,
        Map<Field<?>, Field<?>> removal,
        Map<Field<?>, Field<?>> revival) {

    List<TableShape> tables() {
        List<TableShape> tables = new ArrayList<>();
        tables.add(root);
        tables.addAll(children);
        return tables;
    }

    ProjectedEntity projected() {
        List<ProjectedTable> projected =
                children.stream().map(TableShape::projected).toList();
        return new ProjectedEntity(
                root.projected(),
                projected,
                absent == null ? null : unqualified(absent),
                texts(removal),
                texts(revival));
    }

    /** In the statements of a projection the table has an alias. */
    private String unqualified(QueryPart expression) {
        return Jooq.OFFLINE.renderInlined(expression).replace(root.quoted() + ".", "");
    }

    private Map<String, String> texts(Map<Field<?>, Field<?>> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((field, value) -> texts.put(field.getName(), unqualified(value)));
        return texts;
    }

    /** A removal of this kind is undone to the last field by the upsert that follows it. */
    boolean stepsAside() {
        return !isLossy()
                && !removal.isEmpty()
                && removal.keySet().stream().map(revival::get).allMatch(Aggregate::isNull);
    }

    private static boolean isNull(@Nullable Field<?> value) {
        return value != null && "null".equalsIgnoreCase(value.toString());
    }

    boolean isLossy() {
        return tables().stream().anyMatch(table -> !table.lossy().isEmpty());
    }
}
