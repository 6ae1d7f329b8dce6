package dev.changeover.console;

import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "repair",
        description = "Marks keys whose sides differ, so that they are copied again; without keys what a fresh"
                + " verification finds.")
final class RepairVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Mixin
    final Keys keys = new Keys();

    @Mixin
    final Job job = new Job();

    RepairVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return job.ask(session, repository, "repair", keys.arguments().put("dryRun", job.changes.dryRun));
    }
}
