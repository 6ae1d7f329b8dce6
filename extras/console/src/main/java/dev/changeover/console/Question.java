package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.request.Asked;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What verbs have in common that the application answers without changing anything. */
final class Question {

    @Mixin
    final Waiting waiting = new Waiting();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, if somebody shall know.")
    @Nullable
    String reason;

    @Option(names = "--actor", paramLabel = "NAME", description = "Who asks; else the user of this machine.")
    @Nullable
    String actor;

    Outcome ask(Session session, String repository, String verb, ObjectNode arguments) throws SQLException {
        Where.of(session.database(), repository);
        Changes who = new Changes();
        who.actor = actor;
        String why = reason == null || reason.isBlank() ? "asked from the command line" : reason.strip();
        return new Asking(session)
                .ask(
                        new Asked(
                                repository,
                                verb,
                                arguments,
                                who.actor(session.around()),
                                why,
                                Asking.positive(waiting.wait)),
                        waiting);
    }
}
