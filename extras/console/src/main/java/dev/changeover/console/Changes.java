package dev.changeover.console;

import dev.changeover.console.connect.ConsoleException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every verb that changes something asks for: who and why, and whether it is only rehearsed. */
final class Changes {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in a sentence; kept in the history.")
    @Nullable
    String reason;

    @Option(names = "--actor", paramLabel = "NAME", description = "Who decides; else the user of this machine.")
    @Nullable
    String actor;

    @Option(names = "--dry-run", description = "Go the same way and change nothing.")
    boolean dryRun;

    /** Asks for it on a terminal. */
    String reason(Surroundings around) {
        String given = reason;
        Function<String, @Nullable String> ask = around.ask();
        if ((given == null || given.isBlank()) && ask != null) {
            given = ask.apply("Reason: ");
        }
        if (given == null || given.isBlank()) {
            throw ConsoleException.usage("--reason is missing", "Say why in a sentence: the history keeps it");
        }
        return given.strip();
    }

    String actor(Surroundings around) {
        String given = actor == null || actor.isBlank() ? around.user() : actor;
        return given.isBlank() ? "unknown" : given.strip();
    }
}
