package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.request.Requests;
import dev.changeover.console.terminal.Ages;
import dev.changeover.console.terminal.Json;
import dev.changeover.console.terminal.Table;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows one request and what came of it.")
final class RequestsShowVerb extends Verb {

    @Parameters(index = "0", paramLabel = "ID", description = "Its number.")
    long id;

    RequestsShowVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        JsonNode request = new Requests(session.database()).read(id);
        return Outcome.done(request, screen -> {
            Table table = Table.of("WHAT", "VALUE");
            for (String field : new String[] {"request", "repository", "verb", "arguments", "state", "instance"}) {
                table.row(field, Json.text(request, field));
            }
            table.row("asked for", Ages.time(request, "requestedAt") + " by " + Json.text(request, "actor"));
            table.row("reason", Json.text(request, "reason"));
            table.row("progress", Json.text(request, "progress"));
            table.row("ended", Ages.time(request, "endedAt"));
            screen.table(table);
            screen.line("");
            Asking.show(screen, request);
        });
    }
}
