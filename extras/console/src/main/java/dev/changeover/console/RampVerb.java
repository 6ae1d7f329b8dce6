package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ramp",
        description = "Climbs the percentages of RAMP, holds each, and stops at a gate that is not met.")
final class RampVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--steps", split = ",", paramLabel = "N", description = "Default: 10,25,50,100.")
    List<Integer> steps = new ArrayList<>(List.of(10, 25, 50, 100));

    @Option(names = "--hold", paramLabel = "TIME", description = "How long each step is held; default 1h.")
    Duration hold = Duration.ofHours(1);

    @Mixin
    final Job job = new Job();

    RampVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        ObjectNode arguments = Json.object();
        ArrayNode climbed = arguments.putArray("steps");
        for (int step : steps) {
            if (step < 1 || step > 100) {
                throw ConsoleException.usage("--steps: a step is out of range", "Give numbers from 1 to 100");
            }
            climbed.add(step);
        }
        arguments
                .put("holdSeconds", hold.toSeconds())
                .put("expectedEpoch", job.epoch)
                .put("dryRun", job.changes.dryRun);
        return job.ask(session, repository, "ramp", arguments);
    }
}
