package dev.changeover.console;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long somebody waits for an instance of the application. */
final class Waiting {

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long an instance has to take the request, such as 30s (default) or 5m.")
    Duration wait = Duration.ofSeconds(30);

    @Option(names = "--detach", description = "Ask and leave; requests follow ID comes back to it.")
    boolean detach;
}
