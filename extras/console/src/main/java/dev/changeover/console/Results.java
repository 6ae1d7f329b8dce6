package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.console.terminal.Table;
import java.util.Locale;

/** Shows to people what the application answered; which fields there are is the contract of requests. */
final class Results {

    private Results() {}

    static void show(Screen screen, String verb, JsonNode result) {
        switch (verb) {
            case "gates" -> gates(screen, result);
            case "move", "percent" -> moved(screen, result);
            case "ramp" -> ramp(screen, result);
            case "verify" -> VerifyResult.show(screen, result);
            case "repair" -> repair(screen, result);
            case "preflight" -> PreflightResult.show(screen, result);
            case "explain" -> ExplainResult.show(screen, result);
            default -> facts(screen, result);
        }
    }

    private static void gates(Screen screen, JsonNode result) {
        reports(screen, result.path("reports"));
        JsonNode back = result.path("back");
        if (back.hasNonNull("verdict")) {
            screen.line("Back " + Json.text(back, "from") + " -> " + Json.text(back, "to") + ": "
                    + Json.text(back, "verdict") + ". " + Json.text(back, "why"));
            if (!back.path("keys").isEmpty()) {
                screen.line("Keys: " + Json.text(back, "keys"));
            }
        }
    }

    private static void reports(Screen screen, JsonNode reports) {
        for (JsonNode report : reports) {
            boolean passed = report.path("passed").asBoolean();
            screen.line(Json.text(report, "repository") + ": " + Json.text(report, "move") + ": "
                    + (passed ? "may be made" : "may not be made yet"));
            Table table = Table.of("VERDICT", "GATE", "VALUE", "LIMIT", "MISSING");
            for (JsonNode gate : report.path("results")) {
                String until = Json.text(gate, "until");
                table.row(
                        Json.text(gate, "verdict"),
                        Json.text(gate, "gate"),
                        Json.text(gate, "value"),
                        Json.text(gate, "limit"),
                        Json.text(gate, "missing") + (until.isEmpty() ? "" : " (until " + until + ")"));
            }
            if (!table.isEmpty()) {
                screen.table(table);
            }
        }
    }

    static void moved(Screen screen, JsonNode result) {
        reports(screen, result.path("gates"));
        boolean dryRun = result.path("dryRun").asBoolean();
        for (JsonNode each : result.path("moved")) {
            String stage = Json.text(each, "stage");
            String percent = Json.text(each, "percent");
            String epoch = Json.text(each, "epoch");
            screen.line(Json.text(each, "repository")
                    + (dryRun ? " would be in " : " is in ")
                    + (stage.isEmpty() ? "RAMP" : stage)
                    + (percent.isEmpty() ? "" : ", " + percent + " %")
                    + (epoch.isEmpty() ? "" : ", epoch " + epoch));
        }
        if (dryRun) {
            screen.line("Nothing was changed.");
        }
    }

    private static void ramp(Screen screen, JsonNode result) {
        reports(screen, result.path("gates"));
        String stopped = Json.text(result, "stopped");
        screen.line(
                "Reached " + Json.text(result, "reached") + " %." + (stopped.isEmpty() ? "" : " Stopped: " + stopped));
    }

    private static void repair(Screen screen, JsonNode result) {
        facts(screen, result);
        if (result.path("dryRun").asBoolean()) {
            screen.line("Nothing was changed. --apply does it.");
        }
        if (result.path("left").asLong() > 0) {
            screen.line("What is left differs still: changeover explain REPO KEY shows one of them.");
        }
    }

    /** A line a field. */
    static void facts(Screen screen, JsonNode result) {
        Table table = Table.of("WHAT", "VALUE");
        result.properties().forEach(field -> table.row(words(field.getKey()), Json.text(result, field.getKey())));
        screen.table(table);
    }

    private static String words(String field) {
        return field.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
