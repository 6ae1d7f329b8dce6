package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.terminal.Json;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description =
                "Compares every key of both sides, or only some; or says how fast a verification that runs may go.")
final class VerifyVerb extends Verb {

    @Parameters(index = "0", paramLabel = "REPO", description = "The repository.")
    String repository = "";

    @Option(names = "--mode", paramLabel = "MODE", description = "AUTO, JOIN, CHECKSUM or JAVA; else as declared.")
    @Nullable
    String mode;

    @Option(names = "--from", paramLabel = "KEY", description = "Only from this key on.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "KEY", description = "Only up to this key.")
    @Nullable
    String to;

    @Option(
            names = "--sample",
            paramLabel = "PERCENT",
            description = "Only this share of the keys, the same each time.")
    @Nullable
    String sample;

    @Option(names = "--of-run", paramLabel = "N", description = "Only the keys that verification N found to differ.")
    @Nullable
    Long ofRun;

    @Option(
            names = "--changed-since",
            paramLabel = "N",
            description = "Only the keys that were written since verification N began, or that one side lacks.")
    @Nullable
    Long changedSince;

    @Option(names = "--rate", paramLabel = "N", description = "At most N keys a second.")
    @Nullable
    Long rate;

    @Option(
            names = "--resume",
            paramLabel = "N",
            description = "Go on with verification N where it was stopped or died.")
    @Nullable
    Long resume;

    @Option(
            names = "--change-rate",
            paramLabel = "N",
            description = "Compare nothing; let the verification that runs look at N keys a second, 0 for no limit.")
    @Nullable
    Long changeRate;

    @Mixin
    final Keys keys = new Keys();

    @Mixin
    final Question question = new Question();

    VerifyVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (changeRate != null) {
            return question.ask(
                    session, repository, "verify_rate", Json.object().put("rate", changeRate));
        }
        return question.ask(session, repository, "verify", arguments());
    }

    private ObjectNode arguments() {
        ObjectNode arguments = keys.arguments();
        int scopes = (arguments.isEmpty() ? 0 : 1)
                + given(sample)
                + given(ofRun)
                + given(changedSince)
                + (from == null && to == null ? 0 : 1);
        if (scopes > 1 || (scopes > 0 && resume != null)) {
            throw ConsoleException.usage(
                    "--from and --to, --sample, --keys, --of-run, --changed-since and --resume each say what is compared",
                    "Give one");
        }
        put(arguments, "mode", mode);
        put(arguments, "from", from);
        put(arguments, "to", to);
        put(arguments, "sample", sample);
        put(arguments, "ofRun", ofRun);
        put(arguments, "changedSince", changedSince);
        put(arguments, "rate", rate);
        put(arguments, "resume", resume);
        return arguments;
    }

    private static int given(@Nullable Object option) {
        return option == null ? 0 : 1;
    }

    private static void put(ObjectNode arguments, String name, @Nullable String value) {
        if (value != null) {
            arguments.put(name, value);
        }
    }

    private static void put(ObjectNode arguments, String name, @Nullable Long value) {
        if (value != null) {
            arguments.put(name, value);
        }
    }
}
