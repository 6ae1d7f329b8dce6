package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "gates",
        description = "Asks whether a repository may go on, what is missing, and what a way back would cost.")
final class GatesVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--to", paramLabel = "STAGE", description = "Only the move to this stage.")
    @Nullable
    String stage;

    @Option(names = "--percent", paramLabel = "N", description = "Only the move to this percentage of RAMP.")
    @Nullable
    Integer percent;

    @Mixin
    final Question question = new Question();

    GatesVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (stage != null && percent != null) {
            throw ConsoleException.usage("--to and --percent are two moves", "Give one of them");
        }
        ObjectNode arguments = Json.object();
        Goal goal = stage == null ? new Goal(null, percent) : Goal.parse(stage);
        if (goal.stage() != null) {
            arguments.put("stage", goal.stage().name());
        } else if (goal.percent() != null) {
            arguments.put("percent", goal.percent());
        }
        return question.ask(session, repository, "gates", arguments);
    }
}
