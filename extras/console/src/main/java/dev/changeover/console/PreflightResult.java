package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Ages;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import java.util.Locale;

/** A line a finding. */
final class PreflightResult {

    private PreflightResult() {}

    static void show(Screen screen, JsonNode result) {
        screen.line(String.format(
                Locale.ROOT,
                "Tried %,d of %,d rows. A backfill by one worker takes about %s, if nothing holds it back.",
                result.path("walked").asLong(),
                result.path("rows").asLong(),
                Ages.of(result.path("estimatedSeconds").asDouble())));
        for (JsonNode finding : result.path("findings")) {
            String keys = String.join(
                    ", ",
                    finding.path("keys").valueStream().map(JsonNode::asText).toList());
            screen.line(Json.text(finding, "severity") + " " + Json.text(finding, "what") + ": "
                    + Json.text(finding, "count") + (keys.isEmpty() ? "" : ", first " + keys) + ". "
                    + Json.text(finding, "remedy"));
        }
    }
}
