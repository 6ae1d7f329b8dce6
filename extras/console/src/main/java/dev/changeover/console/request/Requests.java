package dev.changeover.console.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.connect.Database;
import dev.changeover.console.terminal.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of requests: who may insert there may ask, and nothing else is needed. */
public final class Requests {
    private static final String COLUMNS = """
            SELECT q.id AS request, q.repository, q.verb, q.arguments, q.state, q.instance, q.actor, q.reason,
                   q.db_user AS "dbUser", q.attempts, q.requested_at AS "requestedAt", q.expires_at AS "expiresAt",
                   q.taken_at AS "takenAt", q.updated_at AS "updatedAt", q.ended_at AS "endedAt", q.progress, q.result,
                   q.error, extract(epoch FROM clock_timestamp() - q.requested_at)::bigint AS "ageSeconds",
                   extract(epoch FROM clock_timestamp() - q.updated_at)::bigint AS "untouchedSeconds",
                   q.state = 'WAITING' AND q.expires_at + interval '1 second' < clock_timestamp() AS overdue
              FROM changeover.request q""";

    private static final String OPEN = """
             WHERE q.repository = ? AND q.verb = ?
               AND (q.state = 'RUNNING' OR (q.state = 'WAITING' AND q.expires_at > clock_timestamp())) ORDER BY q.id""";

    private static final String ASK = """
            INSERT INTO changeover.request (repository, verb, arguments, actor, reason, expires_at)
            VALUES (?, ?, ?::jsonb, ?, ?, clock_timestamp() + make_interval(secs => ?)) RETURNING id""";

    /** Answers at once and changes nothing, so several at a time are no harm. */
    private static final Set<String> QUESTIONS =
            Set.of("gates", "explain", "cancel", "preflight", "pause", "resume", "limit");

    private final Database database;

    /** The requests of this database. */
    public Requests(Database database) {
        this.database = database;
    }

    /**
     * Asks, unless the same is under way: then that one is returned.
     *
     * @param dryRun whether the row is rolled back; the ticket's number leads nowhere then
     * @throws ConsoleException if the verb is under way with other arguments
     */
    public Ticket ask(Asked asked, boolean dryRun) throws SQLException {
        return database.alone(dryRun, connection -> {
            for (JsonNode open : Database.rows(connection, COLUMNS + "\n" + OPEN, asked.repository(), asked.verb())) {
                if (open.get("arguments").equals(asked.arguments())) {
                    return new Ticket(open.get("request").asLong(), true);
                } else if (!QUESTIONS.contains(asked.verb())) {
                    throw otherwiseUnderWay(open);
                }
            }
            return new Ticket(insert(connection, asked), false);
        });
    }

    private static ConsoleException otherwiseUnderWay(JsonNode open) {
        long id = open.get("request").asLong();
        return ConsoleException.error(
                Json.text(open, "repository") + ": request " + id + " is a " + Json.text(open, "verb")
                        + " with other arguments, " + Json.text(open, "arguments"),
                "Follow it with: changeover requests follow " + id + ", or end it with: changeover requests cancel "
                        + id);
    }

    private static long insert(Connection connection, Asked asked) throws SQLException {
        try (var statement = connection.prepareStatement(ASK)) {
            statement.setString(1, asked.repository());
            statement.setString(2, asked.verb());
            statement.setString(3, asked.arguments().toString());
            statement.setString(4, asked.actor());
            statement.setString(5, asked.reason());
            statement.setDouble(6, asked.patience().toMillis() / 1000.0);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /**
     * Returns a request as it is now.
     *
     * @throws ConsoleException if there is none with this number
     */
    public JsonNode read(long id) throws SQLException {
        List<JsonNode> found = database.rows(COLUMNS + " WHERE q.id = ?", id);
        if (found.isEmpty()) {
            throw ConsoleException.error(
                    "There is no request " + id, "Look for it with: changeover requests list --all");
        }
        return found.get(0);
    }

    /**
     * Returns requests, the newest first.
     *
     * @param repository of which repository, or null for all
     * @param all whether those are asked for that have ended, too
     * @param most at most so many
     */
    public List<JsonNode> list(@Nullable String repository, boolean all, int most) throws SQLException {
        String sql = COLUMNS + "\n" + """
                 WHERE (?::text IS NULL OR q.repository = ?) AND (? OR q.state IN ('WAITING', 'RUNNING'))
                 ORDER BY q.id DESC LIMIT ?""";
        return database.rows(sql, repository, repository, all, most);
    }

    /** Tells how many live instances know the repository. */
    public long alive(String repository) throws SQLException {
        String sql = "SELECT count(DISTINCT i.instance) AS live FROM changeover.instances i"
                + " WHERE i.live AND i.repository = ?";
        return database.rows(sql, repository).get(0).get("live").asLong();
    }
}
