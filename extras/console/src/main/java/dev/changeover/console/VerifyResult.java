package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.console.terminal.Table;

/** What a verification found. */
final class VerifyResult {
    private static final int MOST_KEYS = 20;

    private VerifyResult() {}

    static void show(Screen screen, JsonNode result) {
        screen.table(Table.of("VERDICT").row(Json.text(result, "verdict")));
        if (!result.path("counts").isEmpty()) {
            screen.line("");
            Results.facts(screen, result.path("counts"));
        }
        counted(screen, result.path("fields"));
        keys(screen, result.path("first"));
        result.path("errors").forEach(error -> screen.line("Error: " + error.asText()));
    }

    private static void counted(Screen screen, JsonNode fields) {
        Table table = Table.of("FIELD", "KEYS THAT DIFFER");
        fields.properties()
                .forEach(field -> table.row(field.getKey(), field.getValue().asText()));
        if (!table.isEmpty()) {
            screen.line("");
            screen.table(table);
        }
    }

    private static void keys(Screen screen, JsonNode first) {
        Table table = Table.of("KEY", "PATH", "KIND", "AUTHORITY", "FOLLOWER");
        int shown = 0;
        for (JsonNode each : first) {
            if (shown++ < MOST_KEYS) {
                differences(table, Json.text(each, "key"), each.path("differences"));
            }
        }
        if (!table.isEmpty()) {
            screen.line("");
            screen.table(table);
        }
    }

    static void differences(Table table, String key, JsonNode differences) {
        for (JsonNode each : differences) {
            table.row(
                    key,
                    Json.text(each, "path"),
                    Json.text(each, "kind"),
                    Json.text(each, "authority"),
                    Json.text(each, "follower"));
        }
    }
}
