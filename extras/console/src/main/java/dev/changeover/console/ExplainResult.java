package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.console.terminal.Table;
import java.util.LinkedHashSet;
import java.util.Set;

/** One key: where it is read from and why, what is marked, and both sides beside each other. */
final class ExplainResult {

    private ExplainResult() {}

    static void show(Screen screen, JsonNode result) {
        screen.line("Key " + Json.text(result, "key") + " is read from " + Json.text(result, "readFrom") + ": "
                + Json.text(result, "why"));
        Table table = Table.of("WHAT", "VALUE");
        for (String field : new String[] {"stage", "epoch", "percent", "bucket", "backfilled", "stale", "parked"}) {
            if (result.hasNonNull(field)) {
                table.row(field, Json.text(result, field));
            }
        }
        screen.table(table);
        marks(screen, result.path("marks"));
        sides(screen, result.path("legacy"), result.path("new"));
        Table differences = Table.of("KEY", "PATH", "KIND", "AUTHORITY", "FOLLOWER");
        VerifyResult.differences(differences, Json.text(result, "key"), result.path("differences"));
        shown(screen, differences);
    }

    private static void marks(Screen screen, JsonNode marks) {
        Table table = Table.of("MARKED", "REASON", "SINCE");
        marks.forEach(mark -> table.row(Json.text(mark, "side"), Json.text(mark, "reason"), Json.text(mark, "at")));
        shown(screen, table);
    }

    private static void sides(Screen screen, JsonNode legacy, JsonNode next) {
        Table table = Table.of("FIELD", "LEGACY", "NEW");
        table.row("(row)", found(legacy), found(next));
        Set<String> names = new LinkedHashSet<>();
        legacy.path("fields").fieldNames().forEachRemaining(names::add);
        next.path("fields").fieldNames().forEachRemaining(names::add);
        names.forEach(
                name -> table.row(name, Json.text(legacy.path("fields"), name), Json.text(next.path("fields"), name)));
        shown(screen, table);
    }

    private static String found(JsonNode side) {
        return side.path("found").asBoolean() ? "found" : "none";
    }

    private static void shown(Screen screen, Table table) {
        if (!table.isEmpty()) {
            screen.line("");
            screen.table(table);
        }
    }
}
