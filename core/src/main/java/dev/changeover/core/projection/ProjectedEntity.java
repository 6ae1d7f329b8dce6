package dev.changeover.core.projection;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of an entity and what absence means, in SQL.
 *
 * @param root the table of the entity itself
 * @param children the tables of its children
 * @param absent a condition over the unqualified columns of the root that tells that the entity is absent, or null
 * @param removal columns and the expressions that make an entity absent; empty where the row is deleted
 * @param revival columns and the expressions that make it present again
 */
public record ProjectedEntity(
        ProjectedTable root,
        List<ProjectedTable> children,
        @Nullable String absent,
        Map<String, String> removal,
        Map<String, String> revival) {}
