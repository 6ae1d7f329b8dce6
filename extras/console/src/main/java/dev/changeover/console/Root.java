package dev.changeover.console;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What is said before or after every verb. */
@Command(
        name = "changeover",
        description = "Operates the transition of live data from a legacy schema to a new one.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        scope = ScopeType.INHERIT,
        footer = {
            "",
            "Exit codes: 0 done, 1 error, 2 usage, 3 gate not met or differences found,",
            "4 refused because it would lose data. CHANGEOVER_URL, CHANGEOVER_USER and",
            "CHANGEOVER_PASSWORD say where the database is."
        })
final class Root implements Runnable {

    enum Format {
        TABLE,
        JSON
    }

    @Option(
            names = "--url",
            paramLabel = "JDBC",
            scope = ScopeType.INHERIT,
            description = "The database, such as jdbc:postgresql://host/name. Never with a password.")
    @Nullable
    String url;

    @Option(names = "--user", paramLabel = "ROLE", scope = ScopeType.INHERIT, description = "Who logs in.")
    @Nullable
    String user;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Properties: url, user, password. With a password it must be yours alone.")
    @Nullable
    Path config;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            description = "For people or for programs.")
    Format output = Format.TABLE;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "A verb is missing");
        }
    }
}
