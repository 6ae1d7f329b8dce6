package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import dev.changeover.shadowcompare.report.Divergences.Group;
import dev.changeover.shadowcompare.report.Divergences.Totals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what differs: all of it as numbers, of the groups only as many as somebody reads. */
final class DivergenceQuery {

    private static final String TOTALS = """
            SELECT d.repository, count(d.id) AS groups, coalesce(sum(d.count) FILTER (WHERE d.id IS NOT NULL), 0)::bigint AS count,
                   count(*) FILTER (WHERE d.unreviewed) AS unreviewed,
                   count(*) FILTER (WHERE d.state = 'REGRESSION') AS regressions,
                   coalesce(sum(d.count) FILTER (WHERE d.id IS NULL), 0)::bigint AS shed
              FROM changeover.divergences d GROUP BY d.repository""";

    private static final String PATHS = """
            SELECT x.* FROM (
                SELECT d.repository, regexp_replace(left(d.path, 200), '\\[[^]]*\\]', '[]', 'g') AS at,
                       sum(d.count)::bigint AS count, count(*) FILTER (WHERE d.unreviewed) AS unreviewed,
                       row_number() OVER (PARTITION BY d.repository ORDER BY sum(d.count) DESC) AS n
                  FROM changeover.divergences d WHERE d.id IS NOT NULL GROUP BY 1, 2) x
             WHERE x.n <= 100 ORDER BY x.repository, x.at""";

    private static final String GROUPS = """
            SELECT g.id, g.repository, left(g.operation, 120) AS operation, left(g.path, 200) AS path, g.kind, g.count,
                   g.state, g.unreviewed, g.owner, g.ticket, g.expires, g.first_seen, g.last_seen,
                   left(s ->> 'key', 160) AS sample_key, left(s ->> 'path', 200) AS sample_path,
                   left(s ->> 'authority', 160) AS authority, left(s ->> 'follower', 160) AS follower
              FROM (SELECT d.id, d.repository, d.operation, d.path, d.kind, d.count, d.state, d.unreviewed, d.owner, d.ticket,
                           d.expires, d.first_seen, d.last_seen, row_number() OVER (PARTITION BY d.repository
                               ORDER BY d.state = 'REGRESSION' DESC, d.unreviewed DESC, d.state = 'TO_BE_FIXED' DESC,
                                        d.count DESC, d.id) AS n
                      FROM changeover.divergences d WHERE d.id IS NOT NULL) g
              JOIN changeover.divergence x ON x.id = g.id
              LEFT JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(x.samples) WHEN 'array' THEN x.samples ELSE '[]' END)
                   WITH ORDINALITY AS e (s, i) ON e.i <= 5
             WHERE g.n <= 50 ORDER BY g.repository, g.n, e.i""";

    private DivergenceQuery() {}

    static Map<String, Divergences> read(Snapshot snapshot) throws SQLException {
        Map<String, List<Group>> groups = snapshot.byRepository(GROUPS, DivergenceQuery::group);
        Map<String, List<FieldTree.Leaf>> paths = snapshot.byRepository(PATHS, DivergenceQuery::leaf);
        Map<String, Divergences> all = new HashMap<>();
        snapshot.byRepository(TOTALS, DivergenceQuery::totals)
                .forEach((name, totals) -> all.put(
                        name,
                        new Divergences(
                                totals.get(0),
                                FieldTree.of(paths.getOrDefault(name, List.of())),
                                joined(groups.getOrDefault(name, List.of())))));
        return all;
    }

    private static Totals totals(Row row) throws SQLException {
        return new Totals(
                row.number("groups"),
                row.number("count"),
                row.number("unreviewed"),
                row.number("regressions"),
                row.number("shed"));
    }

    private static FieldTree.Leaf leaf(Row row) throws SQLException {
        return new FieldTree.Leaf(row.text("at"), row.number("count"), row.number("unreviewed"));
    }

    private static Group group(Row row) throws SQLException {
        return new Group(
                row.number("id"),
                row.text("operation"),
                row.text("path"),
                row.text("kind"),
                row.number("count"),
                row.text("state"),
                row.flag("unreviewed"),
                row.maybe("owner"),
                row.maybe("ticket"),
                row.maybeMoment("expires"),
                row.moment("first_seen"),
                row.moment("last_seen"),
                samples(row));
    }

    private static List<Sample> samples(Row row) throws SQLException {
        String path = row.maybe("sample_path");
        return path == null
                ? List.of()
                : List.of(new Sample(row.maybe("sample_key"), path, row.text("authority"), row.text("follower")));
    }

    private static List<Group> joined(List<Group> rows) {
        Map<Long, Group> groups = new LinkedHashMap<>();
        for (Group row : rows) {
            groups.merge(row.id(), row, (known, next) -> {
                List<Sample> samples = new ArrayList<>(known.samples());
                samples.addAll(next.samples());
                return known.with(samples);
            });
        }
        return List.copyOf(groups.values());
    }
}
