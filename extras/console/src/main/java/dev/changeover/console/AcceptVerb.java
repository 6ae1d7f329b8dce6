package dev.changeover.console;

import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "accept", description = "Takes the stamp of a stale side away that was reseeded and verified since.")
final class AcceptVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--unverified", description = "Although no verification since says MATCH; the history says so.")
    boolean unverified;

    @Mixin
    final Job job = new Job();

    AcceptVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return job.ask(
                session,
                repository,
                "accept",
                Json.object().put("unverified", unverified).put("dryRun", job.changes.dryRun));
    }
}
