package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.request.Asked;
import dev.changeover.console.request.Requests;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.Stage;
import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.shadowcompare.report.RepositoryReport;
import dev.changeover.shadowcompare.report.TransitionReport;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the application what its gates say of every repository at once; who does not answer in time is left out. */
final class AskedGates {
    private static final Set<String> ANSWERED = Set.of("DONE", "NOT_MET");
    private static final Set<String> OPEN = Set.of("WAITING", "RUNNING");
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String REFUSED = "42501";

    private final Session session;
    private final Duration patience;
    private final Requests requests;
    private final List<GateReport> moves = new ArrayList<>();
    private final List<BackMove> back = new ArrayList<>();

    AskedGates(Session session, Duration patience) {
        this.session = session;
        this.patience = Asking.positive(patience);
        this.requests = new Requests(session.database());
    }

    TransitionReport of(TransitionReport report) throws SQLException {
        try {
            Map<String, Long> asked = ask(report);
            long until = System.nanoTime() + patience.toNanos();
            while (!asked.isEmpty() && System.nanoTime() < until) {
                collect(asked);
                Thread.sleep(LOOK.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            if (!REFUSED.equals(e.getSQLState())) {
                throw e;
            }
            session.screen().note("This role may not ask the application, so the report is without gates");
        }
        return report.withGates(moves, back);
    }

    private Map<String, Long> ask(TransitionReport report) throws SQLException {
        Changes who = new Changes();
        Map<String, Long> asked = new HashMap<>();
        for (RepositoryReport each : report.repositories()) {
            if (requests.alive(each.name()) > 0) {
                Asked gates = new Asked(
                        each.name(), "gates", Json.object(), who.actor(session.around()), "for the report", patience);
                asked.put(each.name(), requests.ask(gates, false).id());
            }
        }
        return asked;
    }

    private void collect(Map<String, Long> asked) throws SQLException {
        for (Map.Entry<String, Long> each : List.copyOf(asked.entrySet())) {
            JsonNode request = requests.read(each.getValue());
            String state = Json.text(request, "state");
            if (!OPEN.contains(state)) {
                asked.remove(each.getKey());
            }
            if (ANSWERED.contains(state)) {
                take(each.getKey(), request.path("result"));
            }
        }
    }

    private void take(String repository, JsonNode answer) {
        for (JsonNode report : answer.path("reports")) {
            List<GateResult> results = new ArrayList<>();
            report.path("results").forEach(each -> results.add(result(each)));
            moves.add(new GateReport(Json.text(report, "repository"), Json.text(report, "move"), results));
        }
        JsonNode way = answer.path("back");
        if (way.hasNonNull("verdict")) {
            List<String> keys = new ArrayList<>();
            way.path("keys").forEach(each -> keys.add(each.asText()));
            back.add(new BackMove(
                    repository,
                    Stage.valueOf(Json.text(way, "from")),
                    way.hasNonNull("to") ? Stage.valueOf(Json.text(way, "to")) : null,
                    BackMove.Verdict.valueOf(Json.text(way, "verdict")),
                    keys,
                    Json.text(way, "why")));
        }
    }

    private static GateResult result(JsonNode result) {
        @Nullable String until = Json.textOrNull(result, "until");
        return new GateResult(
                Json.text(result, "gate"),
                GateResult.Verdict.valueOf(Json.text(result, "verdict")),
                Json.text(result, "value"),
                Json.text(result, "limit"),
                Json.textOrNull(result, "missing"),
                until == null ? null : Instant.parse(until));
    }
}
