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
        screen.table(Table.of("VERIFICATION", "MODE", "VERDICT")
                .row(Json.text(result, "verification"), Json.text(result, "mode"), Json.text(result, "verdict")));
        if (!result.path("counts").isEmpty()) {
            screen.line("");
            Results.facts(screen, result.path("counts"));
        }
        counted(screen, Table.of("FIELD", "KEYS THAT DIFFER"), result.path("fields"));
        counted(screen, Table.of("RULE", "KEYS THAT IT FORGAVE"), result.path("forgiven"));
        invariants(screen, result.path("invariants"));
        keys(screen, result.path("first"));
        result.path("errors").forEach(error -> screen.line("Error: " + error.asText()));
    }

    private static void counted(Screen screen, Table table, JsonNode numbers) {
        numbers.properties()
                .forEach(each -> table.row(each.getKey(), each.getValue().asText()));
        unlessEmpty(screen, table);
    }

    private static void invariants(Screen screen, JsonNode invariants) {
        Table table = Table.of("INVARIANT", "STATE", "LEGACY", "NEW");
        for (JsonNode each : invariants) {
            table.row(
                    Json.text(each, "name"),
                    Json.text(each, "state"),
                    Json.text(each, "legacy"),
                    Json.text(each, "next"));
        }
        unlessEmpty(screen, table);
    }

    private static void unlessEmpty(Screen screen, Table table) {
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
        unlessEmpty(screen, table);
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
