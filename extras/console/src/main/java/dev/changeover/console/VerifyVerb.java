package dev.changeover.console;

import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "verify", description = "Compares every key of both sides.")
final class VerifyVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Mixin
    final Question question = new Question();

    VerifyVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return question.ask(session, repository, "verify", Json.object());
    }
}
