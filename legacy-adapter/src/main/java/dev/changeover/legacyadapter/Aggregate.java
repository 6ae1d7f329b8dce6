package dev.changeover.legacyadapter;

import dev.changeover.core.projection.ProjectedEntity;
import dev.changeover.core.projection.ProjectedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of an entity and what absence means.
 *
 * @param absent an SQL condition over the columns of the root that tells that the entity is absent, or null
 * @param removal columns and the SQL expressions that make an entity absent; empty where the row is deleted
 * @param revival columns and the SQL expressions that make it present again
 */
record Aggregate(
        TableShape root,
        List<TableShape> children,
        @Nullable String absent,
        Map<String, String> removal,
        Map<String, String> revival) {

    List<TableShape> tables() {
        List<TableShape> tables = new ArrayList<>();
        tables.add(root);
        tables.addAll(children);
        return tables;
    }

    ProjectedEntity projected() {
        List<ProjectedTable> projected =
                children.stream().map(TableShape::projected).toList();
        return new ProjectedEntity(root.projected(), projected, absent, removal, revival);
    }

    /** A removal of this kind is undone to the last column by the upsert that follows it. */
    boolean stepsAside() {
        return !isLossy()
                && !removal.isEmpty()
                && removal.keySet().stream().allMatch(column -> "NULL".equals(revival.get(column)));
    }

    boolean isLossy() {
        return tables().stream().anyMatch(table -> !table.lossy().isEmpty());
    }
}
