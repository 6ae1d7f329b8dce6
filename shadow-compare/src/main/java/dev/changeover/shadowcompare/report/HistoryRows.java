package dev.changeover.shadowcompare.report;

import dev.changeover.core.Stage;
import dev.changeover.shadowcompare.report.History.Evidence;
import dev.changeover.shadowcompare.report.History.Step;
import dev.changeover.shadowcompare.report.History.Stretch;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads who did what, and the stages that follow from it. */
final class HistoryRows {

    private static final String STEPS = """
            SELECT h.id, h.repository, h.at, h.action, left(h.before, 200) AS before, left(h.after, 200) AS after, h.epoch,
                   left(h.actor, 100) AS actor, left(h.reason, 500) AS reason,
                   coalesce(h.evidence @> '{"overridden": true}', false) AS overridden,
                   left(g ->> 'gate', 100) AS gate, left(g ->> 'verdict', 20) AS verdict, left(g ->> 'value', 300) AS value,
                   left(g ->> 'missing', 300) AS missing
              FROM (SELECT x.*, row_number() OVER (PARTITION BY x.repository ORDER BY x.id DESC) AS n
                      FROM changeover.history x) h
              LEFT JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(h.evidence -> 'gates') WHEN 'array'
                        THEN h.evidence -> 'gates' ELSE '[]' END) WITH ORDINALITY AS e (g, i)
                ON e.i <= 50 AND coalesce(g ->> 'repository', h.repository) = h.repository
             WHERE h.n <= 50 ORDER BY h.repository, h.id DESC, e.i""";

    private static final String ROUTES = """
            SELECT h.repository, h.at, h.action, h.before, h.after
              FROM (SELECT x.*, row_number() OVER (PARTITION BY x.repository ORDER BY x.id DESC) AS n
                      FROM changeover.history x WHERE x.action IN ('MOVE', 'PERCENT')) h
             WHERE h.n <= 100 ORDER BY h.repository, h.id""";

    private HistoryRows() {}

    private record Route(Instant at, boolean move, String before, String after) {}

    static Map<String, History> read(Snapshot snapshot) throws SQLException {
        Map<String, List<Route>> routes = snapshot.byRepository(ROUTES, HistoryRows::route);
        Map<String, History> all = new HashMap<>();
        snapshot.byRepository(STEPS, row -> Map.entry(row.number("id"), step(row)))
                .forEach((name, rows) ->
                        all.put(name, new History(stretches(routes.getOrDefault(name, List.of())), joined(rows))));
        return all;
    }

    private static Route route(Row row) throws SQLException {
        return new Route(row.moment("at"), "MOVE".equals(row.text("action")), row.text("before"), row.text("after"));
    }

    /** What was before the first step that is known has no beginning, so it is left out. */
    private static List<Stretch> stretches(List<Route> routes) {
        List<Stretch> stretches = new ArrayList<>();
        Stage stage = Stage.RAMP;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            stage = route.move() ? Stage.valueOf(route.after()) : stage;
            Instant to = i + 1 < routes.size() ? routes.get(i + 1).at() : null;
            stretches.add(new Stretch(stage, share(stage, route), route.at(), to));
        }
        return stretches;
    }

    private static int share(Stage stage, Route route) {
        if (!route.move()) {
            return Integer.parseInt(route.after());
        }
        boolean fromNew = route.before().equals(Stage.NEW_PRIMARY.name());
        return stage.compareTo(Stage.RAMP) > 0 || (stage == Stage.RAMP && fromNew) ? 100 : 0;
    }

    private static Step step(Row row) throws SQLException {
        return new Step(
                row.moment("at"),
                row.text("action"),
                row.maybe("before"),
                row.maybe("after"),
                row.maybeNumber("epoch"),
                row.text("actor"),
                row.text("reason"),
                row.flag("overridden"),
                evidence(row.maybe("gate"), row));
    }

    private static List<Evidence> evidence(@Nullable String gate, Row row) throws SQLException {
        return gate == null
                ? List.of()
                : List.of(new Evidence(gate, row.text("verdict"), row.text("value"), row.maybe("missing")));
    }

    private static List<Step> joined(List<Map.Entry<Long, Step>> rows) {
        Map<Long, Step> steps = new LinkedHashMap<>();
        for (Map.Entry<Long, Step> row : rows) {
            steps.merge(row.getKey(), row.getValue(), (known, next) -> {
                List<Evidence> gates = new ArrayList<>(known.gates());
                gates.addAll(next.gates());
                return known.with(gates);
            });
        }
        return List.copyOf(steps.values());
    }
}
