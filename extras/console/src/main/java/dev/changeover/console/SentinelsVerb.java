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
import picocli.CommandLine.Parameters;

@Command(
        name = "sentinels",
        description = "Shows which tables sentinels watch, whether they are awake, and who writes round the library.")
final class SentinelsVerb extends Verb {
    private static final String WATCHED = """
            SELECT r.name AS repository, r.sentinels AS sides, r.strangers, r.watched_tables AS tables,
                   coalesce(changeover.asleep(r.number), '{}') AS asleep
              FROM changeover.repository r WHERE ?::text IS NULL OR r.name = ? ORDER BY r.name""";

    private static final String WRITERS = """
            SELECT f.repository, f.side, f.reason, f.writer, f.application, f.changes, f.first_at AS "firstAt",
                   f.last_at AS "lastAt"
              FROM changeover.foreign_writers f WHERE ?::text IS NULL OR f.repository = ?
             ORDER BY f.last_at DESC LIMIT 50""";

    private static final String INSTALL =
            "Triggers are made from the application's mapping, so the application installs"
                    + " them: changeover.sentinels().install(REPO, Strangers.REFUSE, actor, reason); ddl(..) beside it prints them.";

    @Parameters(index = "0", arity = "0..1", paramLabel = "REPO", description = "Only of this repository.")
    @Nullable
    String repository;

    SentinelsVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (repository != null) {
            Where.of(session.database(), repository);
        }
        List<JsonNode> watched = session.database().rows(WATCHED, repository, repository);
        List<JsonNode> writers = session.database().rows(WRITERS, repository, repository);
        ObjectNode json = Json.object();
        json.set("sentinels", Json.array(watched));
        json.set("foreignWriters", Json.array(writers));
        return Outcome.done(json, screen -> show(screen, watched, writers));
    }

    private static void show(Screen screen, List<JsonNode> watched, List<JsonNode> writers) {
        Table table = Table.of("REPOSITORY", "SIDES", "STRANGERS", "TABLES", "ASLEEP");
        boolean missing = false;
        for (JsonNode each : watched) {
            boolean none = each.get("sides").isEmpty();
            missing |= none || !each.get("asleep").isEmpty();
            table.row(
                    Json.text(each, "repository"),
                    none ? "none" : Json.text(each, "sides"),
                    none ? "" : Json.text(each, "strangers"),
                    Json.text(each, "tables"),
                    Json.text(each, "asleep"));
        }
        screen.table(table);
        Table foreign = Table.of("REPOSITORY", "SIDE", "REASON", "WRITER", "APPLICATION", "CHANGES", "LAST");
        writers.forEach(each -> foreign.row(
                Json.text(each, "repository"),
                Json.text(each, "side"),
                Json.text(each, "reason"),
                Json.text(each, "writer"),
                Json.text(each, "application"),
                Json.text(each, "changes"),
                Ages.time(each, "lastAt")));
        if (!foreign.isEmpty()) {
            screen.line("");
            screen.table(foreign);
        }
        if (missing) {
            screen.line(INSTALL);
        }
    }
}
