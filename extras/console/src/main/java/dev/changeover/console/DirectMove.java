package dev.changeover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.connect.Database;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A move by the SQL function alone, for when no instance is there that could make it. The function refuses by itself what
 * would lose data. It can judge no gates and has no mapping to copy the last marked keys.
 */
final class DirectMove {
    private static final String MOVE = """
            SELECT m.repository, m.stage, m.epoch
              FROM changeover.move(?::text[], ?, ?, ?, ?::bigint, 50, 40, ?::jsonb) m""";
    private static final String PERCENT =
            "SELECT changeover.percent(?::text[], ?, ?, ?, ?::jsonb, ?::bigint, ?::bigint)::text AS done";

    private final Database database;
    private final String actor;
    private final String reason;
    private final boolean dryRun;

    DirectMove(Database database, String actor, String reason, boolean dryRun) {
        this.database = database;
        this.actor = actor;
        this.reason = reason;
        this.dryRun = dryRun;
    }

    /** Moves them all or none, from what the person has seen. */
    Outcome run(List<Where> places, Goal goal, boolean forward) throws SQLException {
        String evidence = forward ? "{\"overridden\":true,\"direct\":true}" : "{\"direct\":true}";
        ArrayNode moved = database.write(dryRun, connection -> {
            Stage stage = goal.stage();
            return stage != null
                    ? move(connection, places, stage, evidence)
                    : percent(connection, places, goal.percent(), evidence);
        });
        ObjectNode result = Json.object().put("dryRun", dryRun);
        result.set("moved", moved);
        result.putArray("gates");
        return Outcome.done(json(places, goal, result), screen -> Results.moved(screen, result));
    }

    static ObjectNode json(List<Where> places, Goal goal, ObjectNode result) {
        ObjectNode json = Json.object();
        json.putNull("request")
                .put("repository", places.get(0).repository())
                .put("verb", goal.stage() == null ? "percent" : "move")
                .put("state", "DONE")
                .putNull("instance")
                .put("attached", false);
        json.set("result", result);
        return json.putNull("error");
    }

    private ArrayNode move(Connection connection, List<Where> places, Stage stage, String evidence)
            throws SQLException {
        Long epoch = places.size() == 1 ? places.get(0).epoch() : null;
        return Json.array(Database.rows(
                connection, MOVE, names(connection, places), stage.name(), reason, actor, epoch, evidence));
    }

    private ArrayNode percent(Connection connection, List<Where> places, @Nullable Integer percent, String evidence)
            throws SQLException {
        Where where = places.get(0);
        Database.rows(
                connection,
                PERCENT,
                names(connection, places),
                percent,
                reason,
                actor,
                evidence,
                where.epoch(),
                where.revision());
        ArrayNode moved = Json.array();
        moved.addObject()
                .put("repository", where.repository())
                .put("stage", Stage.RAMP.name())
                .put("percent", percent)
                .put("epoch", where.epoch());
        return moved;
    }

    private static java.sql.Array names(Connection connection, List<Where> places) throws SQLException {
        return connection.createArrayOf(
                "text", places.stream().map(Where::repository).toArray());
    }

    static ConsoleException needsOverride() {
        return ConsoleException.usage(
                "--direct cannot judge the gates of a move forward",
                "Leave it out and let an instance of the application judge them, or add --override-gates");
    }
}
