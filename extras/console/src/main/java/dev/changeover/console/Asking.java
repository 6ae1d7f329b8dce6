package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.request.Asked;
import dev.changeover.console.request.Following;
import dev.changeover.console.request.Requests;
import dev.changeover.console.request.Ticket;
import dev.changeover.console.terminal.Ages;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import java.sql.SQLException;
import java.time.Duration;

/** Asks the application for something, follows it to its end, and shows what came of it. */
final class Asking {
    private static final String TAKEN_BY_NONE =
            "Nothing was changed. Start an instance of the application that knows the repository and takes requests, or"
                    + " look with: changeover doctor";

    private final Session session;
    private final Requests requests;

    Asking(Session session) {
        this.session = session;
        this.requests = new Requests(session.database());
    }

    /** Asks, unless the same is under way, and follows unless the person wants to leave. */
    Outcome ask(Asked asked, Waiting waiting) throws SQLException {
        Ticket ticket = requests.ask(asked, false);
        announce(asked, ticket);
        return waiting.detach ? detached(ticket) : follow(ticket);
    }

    /** Says what would be asked: the same row, which is rolled back. For verbs that cannot be rehearsed further. */
    Outcome rehearse(Asked asked) throws SQLException {
        requests.ask(asked, true);
        ObjectNode json = Json.object();
        json.putNull("request")
                .put("repository", asked.repository())
                .put("verb", asked.verb())
                .put("state", "DONE")
                .put("dryRun", true);
        json.set("arguments", asked.arguments());
        return Outcome.done(
                json,
                screen -> screen.line("Would ask for " + asked.verb() + " of " + asked.repository() + " with "
                        + asked.arguments() + ". Nothing was asked."));
    }

    private void announce(Asked asked, Ticket ticket) throws SQLException {
        if (ticket.attached()) {
            session.screen()
                    .note("Request " + ticket.id() + " is that already, asked for by "
                            + Json.text(requests.read(ticket.id()), "actor") + "; this follows it");
        } else if (requests.alive(asked.repository()) == 0) {
            session.screen()
                    .note("No instance of the application is alive that knows " + asked.repository() + "; request "
                            + ticket.id() + " waits " + Ages.of(asked.patience().toMillis() / 1000.0) + " for one");
        }
    }

    private Outcome detached(Ticket ticket) throws SQLException {
        JsonNode request = requests.read(ticket.id());
        return Outcome.done(
                json(request, ticket.attached()),
                screen -> screen.line("Request " + ticket.id()
                        + " is asked for. Follow it with: changeover requests follow " + ticket.id()));
    }

    Outcome follow(Ticket ticket) throws SQLException {
        JsonNode request = new Following(requests, session.screen()).follow(ticket.id());
        String state = Json.text(request, "state");
        return new Outcome(json(request, ticket.attached()), screen -> show(screen, request), Exit.ofRequest(state));
    }

    private static ObjectNode json(JsonNode request, boolean attached) {
        ObjectNode json = Json.object();
        for (String field : new String[] {"request", "repository", "verb", "state", "instance"}) {
            json.set(field, request.get(field));
        }
        json.put("attached", attached);
        json.set("result", request.get("result"));
        boolean expired = Json.text(request, "state").equals("EXPIRED");
        return json.put("error", expired ? expired(request) : Json.textOrNull(request, "error"));
    }

    private static String expired(JsonNode request) {
        return "No instance took request " + Json.text(request, "request") + " in time. " + TAKEN_BY_NONE;
    }

    /** Shows a request that has ended. */
    static void show(Screen screen, JsonNode request) {
        String state = Json.text(request, "state");
        if (request.hasNonNull("result")) {
            Results.show(screen, Json.text(request, "verb"), request.get("result"));
        }
        if (state.equals("EXPIRED")) {
            screen.note("changeover: " + expired(request));
        } else if (request.hasNonNull("error")) {
            screen.note("changeover: " + state + ": " + Json.text(request, "error"));
        } else if (!state.equals("DONE")) {
            screen.note("changeover: request " + Json.text(request, "request") + " is " + state);
        }
    }

    static Duration positive(Duration wait) {
        if (wait.isZero()) {
            throw ConsoleException.usage("--wait: nobody can take a request in no time", "Give at least 1s");
        }
        return wait;
    }
}
