package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "repair",
        description =
                "Says what it would take to make keys equal whose sides differ, and with --apply marks them, so that"
                        + " they are copied again; without keys what a fresh verification finds.")
final class RepairVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--apply", description = "Do it; without this it is only said what would change.")
    boolean apply;

    @Option(names = "--of-run", paramLabel = "N", description = "The keys that verification N found to differ.")
    @Nullable
    Long ofRun;

    @Mixin
    final Keys keys = new Keys();

    @Mixin
    final Job job = new Job();

    RepairVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        ObjectNode arguments = keys.arguments().put("dryRun", !apply || job.changes.dryRun);
        if (ofRun != null) {
            arguments.put("ofRun", ofRun);
        }
        return job.ask(session, repository, "repair", arguments);
    }
}
