package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "preflight", description = "Looks for what a backfill would meet; writes nothing.")
final class PreflightVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--most", paramLabel = "N", description = "Try at most so many rows; else all.")
    @Nullable
    Long most;

    @Mixin
    final Question question = new Question();

    PreflightVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        ObjectNode arguments = Json.object();
        if (most != null) {
            arguments.put("most", most);
        }
        return question.ask(session, repository, "preflight", arguments);
    }
}
