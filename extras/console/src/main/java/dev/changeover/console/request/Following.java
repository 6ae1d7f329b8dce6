package dev.changeover.console.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Progress;
import dev.changeover.console.terminal.Screen;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * Looks at a request until it has ended. Who leaves meanwhile leaves it running, and is told how to come back to it.
 */
public final class Following {
    private static final Set<String> ENDED = Set.of("DONE", "NOT_MET", "REFUSED", "FAILED", "CANCELLED", "EXPIRED");
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SAY = Duration.ofSeconds(10);
    private static final long ABANDONED_SECONDS = 60;
    private static final int MOST_OUTAGES = 30;

    private final Requests requests;
    private final Screen screen;

    /** Follows on this screen. */
    public Following(Requests requests, Screen screen) {
        this.requests = requests;
        this.screen = screen;
    }

    /**
     * Returns the request when it has ended. One that nobody took in time is {@code EXPIRED}.
     *
     * @throws ConsoleException if nobody works on it any more
     */
    public JsonNode follow(long id) throws SQLException {
        Thread farewell = new Thread(() -> screen.note(farewell(id)));
        Runtime.getRuntime().addShutdownHook(farewell);
        Progress progress = new Progress(screen, SAY, System::nanoTime);
        try {
            return untilItEnds(id, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ConsoleException.error("Interrupted", farewell(id));
        } finally {
            progress.end();
            stay(farewell);
        }
    }

    private static String farewell(long id) {
        return "Request " + id + " goes on without this terminal. Follow it with: changeover requests follow " + id;
    }

    private static void stay(Thread farewell) {
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException e) {
            // the machine is going down, and the hook says so
        }
    }

    private JsonNode untilItEnds(long id, Progress progress) throws SQLException, InterruptedException {
        int outages = 0;
        while (true) {
            try {
                JsonNode request = look(id, progress);
                if (ENDED.contains(Json.text(request, "state"))) {
                    return request;
                }
                outages = 0;
            } catch (SQLException e) {
                if (!String.valueOf(e.getSQLState()).startsWith("08") || ++outages > MOST_OUTAGES) {
                    throw e;
                }
                progress.say("The connection is lost, trying again");
                Thread.sleep(1_000);
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private JsonNode look(long id, Progress progress) throws SQLException {
        JsonNode request = requests.read(id);
        if (request.get("overdue").asBoolean()) {
            return ((ObjectNode) request).put("state", "EXPIRED");
        } else if (Json.text(request, "state").equals("RUNNING")) {
            refuseTheAbandoned(request);
            running(request, progress);
        } else if (Json.text(request, "state").equals("WAITING")) {
            progress.say("Request " + id + " waits for an instance of the application");
        }
        return request;
    }

    private static void running(JsonNode request, Progress progress) {
        String what = "Request " + request.get("request").asLong() + ", " + Json.text(request, "verb");
        JsonNode at = request.path("progress");
        if (at.hasNonNull("done")) {
            progress.at(what, at.get("done").asLong(), at.path("of").asLong(), Json.text(at, "what"), PaceWords.of(at));
        } else {
            progress.say(what + ": taken by " + Json.text(request, "instance"));
        }
    }

    private void refuseTheAbandoned(JsonNode request) throws SQLException {
        long seconds = request.path("untouchedSeconds").asLong();
        if (seconds > ABANDONED_SECONDS && requests.alive(Json.text(request, "repository")) == 0) {
            throw ConsoleException.error(
                    "Request " + request.get("request").asLong() + " has been left by its instance "
                            + Json.text(request, "instance") + ", " + seconds + " s ago, and no other is alive",
                    "Start an instance of the application, which takes it up again");
        }
    }
}
