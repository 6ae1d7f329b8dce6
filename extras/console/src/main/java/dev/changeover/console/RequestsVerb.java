package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.request.Requests;
import dev.changeover.console.terminal.Ages;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Table;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "requests", description = "Shows what the application was asked to do.")
final class RequestsVerb extends Verb {

    @Parameters(index = "0", arity = "0..1", paramLabel = "REPO", description = "Only of this repository.")
    @Nullable
    String repository;

    @Option(names = "--all", description = "Those that have ended, too.")
    boolean all;

    @Option(names = "--most", paramLabel = "N", description = "At most so many; default 50.")
    int most = 50;

    RequestsVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        List<JsonNode> found = new Requests(session.database()).list(repository, all, most);
        ObjectNode json = Json.object();
        json.set("requests", Json.array(found));
        return Outcome.done(json, screen -> {
            Table table = Table.of("ID", "REPOSITORY", "VERB", "STATE", "AGE", "ACTOR", "INSTANCE", "REASON");
            found.forEach(each -> table.row(
                    Json.text(each, "request"),
                    Json.text(each, "repository"),
                    Json.text(each, "verb"),
                    each.get("overdue").asBoolean() ? "EXPIRED" : Json.text(each, "state"),
                    Ages.of(each, "ageSeconds"),
                    Json.text(each, "actor"),
                    Json.text(each, "instance"),
                    Json.text(each, "reason")));
            if (table.isEmpty()) {
                screen.line(all ? "No requests." : "No requests wait or run; --all shows those that have ended.");
            } else {
                screen.table(table);
            }
        });
    }
}
