package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.request.Requests;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Ends a request that waits or runs; what it has done stays done.")
final class RequestsCancelVerb extends Verb {

    @Parameters(index = "0", paramLabel = "ID", description = "Its number.")
    long id;

    @Mixin
    final Job job = new Job();

    RequestsCancelVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        JsonNode request = new Requests(session.database()).read(id);
        String state = Json.text(request, "state");
        if (!Set.of("WAITING", "RUNNING").contains(state)
                || request.get("overdue").asBoolean()) {
            throw ConsoleException.error("Request " + id + " has ended: " + state, "There is nothing to cancel");
        }
        return job.askOrRehearse(
                session,
                Json.text(request, "repository"),
                "cancel",
                Json.object().put("request", id));
    }
}
