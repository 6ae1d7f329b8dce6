package dev.changeover.console;

import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "drain", description = "Copies marked keys now and says how many are left.")
final class MarksDrainVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Mixin
    final Job job = new Job();

    MarksDrainVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return job.askOrRehearse(session, repository, "drain", Json.object());
    }
}
