package dev.changeover.console.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import java.time.Duration;

/**
 * What an instance of the application is asked to do.
 *
 * @param repository the name of the repository
 * @param verb such as {@code backfill}
 * @param arguments as the verb wants them
 * @param actor who asks
 * @param reason why
 * @param patience how long it may wait until an instance takes it
 */
public record Asked(
        String repository, String verb, JsonNode arguments, String actor, String reason, Duration patience) {

    /** Keeps the arguments as the database gives them back. */
    public Asked(String repository, String verb, ObjectNode arguments, String actor, String reason, Duration patience) {
        this(repository, verb, Json.read(arguments.toString()), actor, reason, patience);
    }
}
