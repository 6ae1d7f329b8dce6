package dev.changeover.console;

import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "retry", description = "Tries parked keys again.")
final class MarksRetryVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Mixin
    final Keys keys = new Keys();

    @Mixin
    final Job job = new Job();

    MarksRetryVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return job.askOrRehearse(session, repository, "retry_parked", keys.arguments());
    }
}
