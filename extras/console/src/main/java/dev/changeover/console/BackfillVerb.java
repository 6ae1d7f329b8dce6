package dev.changeover.console;

import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    @Option(names = "--pause", description = "Let it wait after its present chunks, wherever it runs.")
    boolean pause;

    @Option(names = "--resume", description = "Let it go on.")
    boolean resume;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Rows per second of all workers together from now on; 0 for no limit.")
    @Nullable
    Long limit;

    @Mixin
    final Job job = new Job();

    BackfillVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (Stream.of(reseed, pause, resume, limit != null)
                        .filter(given -> given)
                        .count()
                > 1) {
            throw ConsoleException.usage("--reseed, --pause, --resume and --limit are four things", "Give one of them");
        } else if (pause || resume) {
            return job.askOrRehearse(session, repository, pause ? "pause" : "resume", Json.object());
        } else if (limit != null) {
            return job.askOrRehearse(session, repository, "limit", Json.object().put("rowsPerSecond", limit));
        }
        return job.ask(
                session,
                repository,
                reseed ? "reseed" : "backfill",
                Json.object().put("dryRun", job.changes.dryRun));
    }
}
