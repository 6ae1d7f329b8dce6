package dev.changeover.console;

import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "backfill", description = "Copies what new does not hold yet; goes on where it was left.")
final class BackfillVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--reseed", description = "Copy everything again to the side that is stamped stale.")
    boolean reseed;

    @Mixin
    final Job job = new Job();

    BackfillVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        return job.ask(
                session,
                repository,
                reseed ? "reseed" : "backfill",
                Json.object().put("dryRun", job.changes.dryRun));
    }
}
