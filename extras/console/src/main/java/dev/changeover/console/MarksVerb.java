package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Ages;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Screen;
import dev.changeover.console.terminal.Table;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "marks",
        description = "Shows which keys the other side may lack, why and since when, and which are parked.")
final class MarksVerb extends Verb {
    private static final String MARKS = """
            SELECT r.name AS repository, m.side, m.reason, count(*) AS marks, count(DISTINCT m.key) AS keys,
                   min(m.at) AS oldest, extract(epoch FROM clock_timestamp() - min(m.at))::bigint AS "oldestSeconds",
                   (array_agg(m.key ORDER BY m.id))[1] AS "oldestKey"
              FROM changeover.mark m JOIN changeover.repository r ON r.number = m.repository
             WHERE ?::text IS NULL OR r.name = ? GROUP BY 1, 2, 3 ORDER BY 1, 6""";

    private static final String ATTEMPTS = """
            SELECT r.name AS repository, a.key, a.attempts, a.parked, a.next_try_at AS "nextTryAt",
                   a.last_error AS "lastError"
              FROM changeover.attempt a JOIN changeover.repository r ON r.number = a.repository
             WHERE ?::text IS NULL OR r.name = ? ORDER BY a.parked DESC, r.name, a.attempts DESC, a.key LIMIT ?""";

    @Parameters(index = "0", arity = "0..1", paramLabel = "REPO", description = "Only of this repository.")
    @Nullable
    String repository;

    @Option(names = "--most", paramLabel = "N", description = "At most so many failed keys; default 50.")
    int most = 50;

    MarksVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (repository != null) {
            Where.of(session.database(), repository);
        }
        List<JsonNode> marks = session.database().rows(MARKS, repository, repository);
        List<JsonNode> attempts = session.database().rows(ATTEMPTS, repository, repository, most);
        ObjectNode json = Json.object();
        json.set("marks", Json.array(marks));
        json.set("failed", Json.array(attempts));
        return Outcome.done(json, screen -> show(screen, marks, attempts));
    }

    private static void show(Screen screen, List<JsonNode> marks, List<JsonNode> attempts) {
        if (marks.isEmpty()) {
            screen.line("No marks: the followers have everything.");
        } else {
            Table table = Table.of("REPOSITORY", "RIGHT SIDE", "REASON", "MARKS", "KEYS", "OLDEST", "ITS KEY");
            marks.forEach(each -> table.row(
                    Json.text(each, "repository"),
                    Json.text(each, "side"),
                    Json.text(each, "reason"),
                    Json.text(each, "marks"),
                    Json.text(each, "keys"),
                    Ages.of(each, "oldestSeconds"),
                    Json.text(each, "oldestKey")));
            screen.table(table);
        }
        failed(screen, attempts);
    }

    private static void failed(Screen screen, List<JsonNode> attempts) {
        Table table = Table.of("REPOSITORY", "KEY", "ATTEMPTS", "STATE", "LAST ERROR");
        boolean parked = false;
        for (JsonNode each : attempts) {
            parked |= each.get("parked").asBoolean();
            table.row(
                    Json.text(each, "repository"),
                    Json.text(each, "key"),
                    Json.text(each, "attempts"),
                    each.get("parked").asBoolean() ? "parked" : "tried again",
                    Json.text(each, "lastError"));
        }
        if (!table.isEmpty()) {
            screen.line("");
            screen.table(table);
        }
        if (parked) {
            screen.line("Parked keys wait for a person: mend what the error says, then changeover marks retry REPO.");
        }
    }
}
