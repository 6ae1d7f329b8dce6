package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.connect.Database;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "attest",
        description = "Vouches for something that no gate can see, such as a backup or a run of the tests.")
final class AttestVerb extends Verb {
    private static final String ATTEST = "SELECT changeover.attest(?, ?, ?::bigint, ?, ?)::text AS done";

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Parameters(index = "1", paramLabel = "WHAT", description = "A name that a gate or the checklist asks for.")
    String what = "";

    @Option(names = "--for", paramLabel = "TIME", required = true, description = "For how long it holds, such as 30d.")
    Duration valid = Duration.ZERO;

    @Mixin
    final Changes changes = new Changes();

    private final Surroundings around;

    AttestVerb(Root root, Surroundings around) {
        super(root, around);
        this.around = around;
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (valid.toSeconds() < 1) {
            throw ConsoleException.usage("--for is no time", "Say for how long it holds, such as 30d");
        }
        String reason = changes.reason(around);
        String actor = changes.actor(around);
        session.database()
                .write(
                        changes.dryRun,
                        connection -> Json.array(
                                Database.rows(connection, ATTEST, repository, what, valid.toSeconds(), reason, actor)));
        ObjectNode json = Json.object()
                .put("repository", repository)
                .put("attested", what)
                .put("seconds", valid.toSeconds())
                .put("dryRun", changes.dryRun);
        return Outcome.done(
                json,
                screen -> screen.line(changes.dryRun ? "It would be noted." : repository + ": " + what + " is noted."));
    }
}
