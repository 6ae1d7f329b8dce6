package dev.changeover.core.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In which order repositories are backfilled: those to whose rows others refer come first, since the new side refuses a
 * child without its parent. Of repositories that refer to each other none comes first, and tables that both sides share
 * are there already.
 */
final class CopyOrder {

    private static final String UNFILLED = """
            WITH RECURSIVE above (root, name) AS (
                SELECT r.name, d FROM changeover.repository r, unnest(r.depends_on) d
                UNION
                SELECT a.root, d FROM above a JOIN changeover.repository q ON q.name = a.name, unnest(q.depends_on) d)
            SELECT p.name
              FROM changeover.repository c JOIN changeover.repository p ON p.name = ANY (c.depends_on)
             WHERE c.name = ? AND p.name <> c.name
               AND NOT p.backfilled AND NOT p.shared AND p.stage IN ('LEGACY_ONLY', 'DUAL_WRITE', 'SHADOW')
               AND NOT EXISTS (SELECT FROM above b WHERE b.root = p.name AND b.name = c.name)
             ORDER BY p.name""";

    private CopyOrder() {}

    /** Returns the parents of a repository whose rows new does not hold yet. */
    static List<String> unfilledParents(Connection connection, String repository) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNFILLED)) {
            statement.setString(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        }
    }

    /** Returns all names, parents before children, otherwise by name. */
    static List<String> parentsFirst(Map<String, ? extends Collection<String>> dependsOn) {
        Set<String> ordered = new LinkedHashSet<>();
        new TreeSet<>(dependsOn.keySet()).forEach(name -> add(name, new TreeMap<>(dependsOn), ordered));
        return List.copyOf(ordered);
    }

    /** What is being added is taken out of what is left, so that a cycle ends. */
    private static void add(String name, Map<String, Collection<String>> left, Set<String> ordered) {
        Collection<String> parents = left.remove(name);
        if (parents != null && !ordered.contains(name)) {
            new TreeSet<>(parents).forEach(parent -> add(parent, left, ordered));
            ordered.add(name);
        }
    }
}
