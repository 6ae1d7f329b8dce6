package dev.changeover.console.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Ages;
import dev.changeover.console.terminal.Json;
import java.util.Locale;

/** How fast a copy is and when it will be over, as far as its progress tells. */
final class PaceWords {

    private PaceWords() {}

    static String of(JsonNode progress) {
        StringBuilder words = new StringBuilder();
        if (progress.path("rate").asLong() > 0) {
            words.append(
                    String.format(Locale.ROOT, ", %,d/s", progress.get("rate").asLong()));
        }
        if (progress.hasNonNull("likelySeconds")) {
            words.append(", ").append(age(progress, "likelySeconds")).append(" left (");
            words.append(age(progress, "leastSeconds"))
                    .append(" to ")
                    .append(age(progress, "mostSeconds"))
                    .append(')');
        }
        if (progress.hasNonNull("held")) {
            words.append(", ").append(Json.text(progress, "held"));
        }
        return words.toString();
    }

    private static String age(JsonNode progress, String field) {
        return Ages.of(progress.path(field).asDouble());
    }
}
