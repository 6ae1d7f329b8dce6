package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Some keys, as texts; none for all. */
final class Keys {

    @Option(names = "--keys", split = ",", paramLabel = "KEY", description = "Only these keys.")
    List<String> keys = new ArrayList<>();

    @Option(names = "--key", paramLabel = "KEY", description = "Only this key; for keys with a comma.")
    List<String> single = new ArrayList<>();

    ObjectNode arguments() {
        ObjectNode arguments = Json.object();
        if (!keys.isEmpty() || !single.isEmpty()) {
            ArrayNode named = arguments.putArray("keys");
            keys.forEach(named::add);
            single.forEach(named::add);
        }
        return arguments;
    }
}
