package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.Stage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "maintain",
        description = "Moves a small system in one window: writers wait while everything is copied and verified.")
final class MaintainVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--with", split = ",", paramLabel = "REPO", description = "Others that go together with it.")
    List<String> with = new ArrayList<>();

    @Option(names = "--to", paramLabel = "STAGE", description = "NEW_PRIMARY (default) or NEW_ONLY.")
    Stage to = Stage.NEW_PRIMARY;

    @Option(names = "--at-most", paramLabel = "TIME", description = "How long writers may wait; default 5m.")
    Duration atMost = Duration.ofMinutes(5);

    @Mixin
    final Job job = new Job();

    MaintainVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (to.compareTo(Stage.NEW_PRIMARY) < 0) {
            throw ConsoleException.usage("--to " + to + " is no end of a window", "Give NEW_PRIMARY or NEW_ONLY");
        }
        ObjectNode arguments = Json.object().put("to", to.name()).put("atMostSeconds", atMost.toSeconds());
        ArrayNode others = arguments.putArray("with");
        with.forEach(others::add);
        return job.askOrRehearse(session, repository, "maintain", arguments);
    }
}
