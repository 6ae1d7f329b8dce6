package dev.changeover.core.projection;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.SqlProjection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The description of a {@link SqlProjection} in the making: which canonical columns the rows of this side yield, and
 * what this side's columns become from them. For one thread.
 *
 * <pre>{@code
 * .projection(p -> p
 *     .yields("id", "r.id")
 *     .yields("title", "r.title")
 *     .yields("status", "CASE r.status WHEN 'over' THEN 'OVER' ELSE 'OPEN' END")
 *     .yields("guests", "(SELECT jsonb_agg(g.email ORDER BY g.position) FROM public.guest AS g WHERE g.room_id = r.id)")
 *     .takes("title", "s.title")
 *     .takes("status", "CASE s.status WHEN 'OVER' THEN 'over' ELSE 'open' END", "status")
 *     .children("guest", "SELECT s.id AS room_id, g.n - 1 AS position, g.email FROM {source} AS s,"
 *         + " jsonb_array_elements_text(s.guests) WITH ORDINALITY AS g (email, n)"))
 * }</pre>
 */
public final class Projection {

    private final Map<String, String> yields = new LinkedHashMap<>();
    private final Map<String, String> takes = new LinkedHashMap<>();
    private final Map<String, String> meanings = new LinkedHashMap<>();
    private final Map<String, String> children = new LinkedHashMap<>();

    /** Begins a description. */
    public Projection() {}

    /**
     * Declares a canonical column, the key first.
     *
     * @param canonical its name, equal on both sides
     * @param expression an SQL expression over the root's table, which has the alias {@code r}
     */
    public Projection yields(String canonical, String expression) {
        yields.put(canonical, expression);
        return this;
    }

    /**
     * Declares what a column of the root becomes.
     *
     * @param expression an SQL expression over the canonical columns, which have the alias {@code s}
     */
    public Projection takes(String column, String expression) {
        takes.put(column, expression);
        return this;
    }

    /**
     * As {@link #takes(String, String)}, for a lossy column.
     *
     * @param canonical the canonical column that tells its meaning: where it is equal, the present value stays
     */
    public Projection takes(String column, String expression, String canonical) {
        meanings.put(column, canonical);
        return takes(column, expression);
    }

    /**
     * Declares what the rows of a table of children become.
     *
     * @param select a SELECT that yields the mapped columns of the table by their names, from <code>{source}</code>,
     *     which has the canonical columns
     */
    public Projection children(String table, String select) {
        children.put(table, select);
        return this;
    }

    /**
     * Completes the description; for adapters.
     *
     * @param keyType the SQL type of the key
     * @throws ConfigurationException if a column or table of the entity is missing in it
     */
    public SqlProjection over(ProjectedEntity entity, String keyType) {
        ProjectedTable root = entity.root();
        List<String> missing = new ArrayList<>(root.updatable());
        missing.removeAll(takes.keySet());
        entity.children().stream().map(ProjectedTable::name).forEach(missing::add);
        missing.removeAll(children.keySet());
        if (yields.isEmpty() || !missing.isEmpty()) {
            throw refused(
                    root, "the projection does not say what becomes of " + missing, "Add takes(..), children(..)");
        }
        if (!meanings.keySet().equals(root.lossy()) || !yields.keySet().containsAll(meanings.values())) {
            throw refused(
                    root,
                    "the lossy columns " + root.lossy() + " need a canonical column that tells their meaning",
                    "Use takes(column, expression, canonical) for these and for no other");
        }
        if (entity.children().stream().anyMatch(child -> !child.lossy().isEmpty())) {
            throw refused(root, "children with lossy columns have no projection", "Leave the projection out");
        }
        return new ProjectionSql(
                entity, keyType, Map.copyOf(takes), meanings, new LinkedHashMap<>(yields), Map.copyOf(children));
    }

    private static ConfigurationException refused(ProjectedTable root, String problem, String remedy) {
        return new ConfigurationException(root.quoted() + ".projection", problem, remedy);
    }
}
