package dev.changeover.console;

import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = "Shows one key: both sides, where it is read from and why, and what is marked.")
final class ExplainVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key as text.")
    String key = "";

    @Mixin
    final Question question = new Question();

    ExplainVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return question.ask(session, repository, "explain", Json.object().put("key", key));
    }
}
