package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.request.Asked;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Moves repositories. Forward an instance of the application does it, which judges the gates and copies the last marked
 * keys. Back it does, too, if one is there; if not, the SQL function does.
 */
final class Moves {

    @Mixin
    final Changes changes = new Changes();

    @Mixin
    final Waiting waiting = new Waiting();

    @Option(
            names = "--expect-epoch",
            paramLabel = "N",
            description = "Refuse if somebody has moved it since you looked.")
    @Nullable
    Long epoch;

    @Option(names = "--with", split = ",", paramLabel = "REPO", description = "Move these in the same step.")
    List<String> with = new ArrayList<>();

    @Option(names = "--direct", description = "By the SQL function, without an instance of the application.")
    boolean direct;

    Outcome to(Session session, String repository, Goal goal, boolean overrideGates) throws SQLException {
        List<Where> places = places(session, repository, goal);
        if (places.stream().allMatch(each -> goal.direction(each) == 0)) {
            return there(places, goal);
        }
        boolean forward = places.stream().anyMatch(each -> goal.direction(each) > 0);
        if (direct && forward && !overrideGates) {
            throw DirectMove.needsOverride();
        } else if (direct) {
            return directly(session, places, goal, forward);
        } else if (!forward && places.get(0).live() == 0) {
            session.screen().note("No instance of the application is alive; the SQL function moves it");
            return directly(session, places, goal, false);
        }
        Outcome asked = ask(session, places, goal, overrideGates);
        if (!forward && asked.json().path("state").asText().equals("EXPIRED")) {
            session.screen().note("No instance took the request; the SQL function moves it");
            return directly(session, places, goal, false);
        }
        return asked;
    }

    private List<Where> places(Session session, String repository, Goal goal) throws SQLException {
        if (goal.stage() == null && !with.isEmpty()) {
            throw ConsoleException.usage("--with is for stages", "Change the percentage of one after the other");
        }
        List<Where> places = new ArrayList<>();
        places.add(Where.of(session.database(), repository).expect(epoch));
        for (String other : with) {
            places.add(Where.of(session.database(), other));
        }
        return places;
    }

    private Outcome there(List<Where> places, Goal goal) {
        ObjectNode result = Json.object().put("dryRun", changes.dryRun);
        result.putArray("moved");
        result.putArray("gates");
        return Outcome.done(
                DirectMove.json(places, goal, result),
                screen -> screen.line(
                        places.get(0).repository() + ": is at " + goal.words() + " already, nothing to do."));
    }

    private Outcome directly(Session session, List<Where> places, Goal goal, boolean forward) throws SQLException {
        String reason = changes.reason(session.around());
        return new DirectMove(session.database(), changes.actor(session.around()), reason, changes.dryRun)
                .run(places, goal, forward);
    }

    private Outcome ask(Session session, List<Where> places, Goal goal, boolean overrideGates) throws SQLException {
        ObjectNode arguments = Json.object();
        if (goal.stage() != null) {
            arguments.put("stage", goal.stage().name());
            ArrayNode others = arguments.putArray("with");
            with.forEach(others::add);
        } else {
            arguments.put("percent", goal.percent());
        }
        arguments.put("expectedEpoch", epoch);
        arguments.put("overrideGates", overrideGates).put("dryRun", changes.dryRun);
        return new Asking(session)
                .ask(
                        new Asked(
                                places.get(0).repository(),
                                goal.stage() == null ? "percent" : "move",
                                arguments,
                                changes.actor(session.around()),
                                changes.reason(session.around()),
                                Asking.positive(waiting.wait)),
                        waiting);
    }
}
