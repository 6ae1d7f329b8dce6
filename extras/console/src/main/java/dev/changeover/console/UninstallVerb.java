package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.connect.Database;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.control.ControlSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "uninstall", description = "Drops the control schema, when every transition is over.")
final class UninstallVerb extends Verb {

    private static final String LEFT = """
            SELECT r.name || ' (' || r.stage || ')' AS what FROM changeover.repository r
             WHERE r.retired IS DISTINCT FROM 'DROPPED'
            UNION ALL
            SELECT 'instance ' || i.id FROM changeover.instance i WHERE i.lease_until > clock_timestamp()
            ORDER BY 1""";

    private static final String HISTORY = "SELECT * FROM changeover.history h ORDER BY h.id";

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Write the history to this file first, a line of JSON a step; it must not be there.")
    @Nullable
    Path history;

    @Option(names = "--dry-run", description = "Print the statements, try them and roll them back.")
    boolean dryRun;

    UninstallVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) throws SQLException {
        if (history == null && !dryRun) {
            throw ConsoleException.usage(
                    "--history is missing", "Name a file: the history of who did what and why goes with the schema");
        }
        List<JsonNode> steps = session.database().write(dryRun, this::drop);
        ObjectNode json =
                Json.object().put("dropped", !dryRun).put("steps", steps.size()).put("sql", ControlSchema.drop());
        return Outcome.done(json, screen -> {
            screen.raw(ControlSchema.drop());
            screen.line(dryRun ? "Nothing was changed." : "The control schema is gone. Its history: " + history);
        });
    }

    private List<JsonNode> drop(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '1s'");
            // nobody registers meanwhile
            statement.execute("LOCK TABLE changeover.repository, changeover.instance IN ACCESS EXCLUSIVE MODE");
        }
        List<JsonNode> left = Database.rows(connection, LEFT);
        if (!left.isEmpty()) {
            throw ConsoleException.error(
                    "Still in use: "
                            + left.stream().map(each -> Json.text(each, "what")).collect(Collectors.joining(", ")),
                    "Retire each repository to its end, and stop the applications that have the library");
        }
        List<JsonNode> steps = Database.rows(connection, HISTORY);
        if (history != null && !dryRun) {
            write(history, steps);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(ControlSchema.drop());
        }
        return steps;
    }

    private static void write(Path file, List<JsonNode> steps) {
        String text = steps.stream().map(each -> each + "\n").collect(Collectors.joining());
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw ConsoleException.error("The history cannot be written to " + file, "Name another --history");
        }
    }
}
