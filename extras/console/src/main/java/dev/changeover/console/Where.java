package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.console.connect.ConsoleException;
import dev.changeover.console.connect.Database;
import dev.changeover.console.terminal.Json;
import dev.changeover.core.Stage;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository is.
 *
 * @param repository its name
 * @param stage its stage
 * @param epoch its epoch
 * @param percent the share of reads that new serves in RAMP
 * @param revision how often the share was changed
 * @param live how many live instances know it
 */
record Where(String repository, Stage stage, long epoch, int percent, long revision, long live) {

    private static final String SQL = """
            SELECT s.name AS repository, s.stage, s.epoch, s.percent,
                   (SELECT p.revision FROM changeover.repository r JOIN changeover.percentage p ON p.repository = r.number
                     WHERE r.name = s.name) AS revision,
                   (SELECT count(DISTINCT i.instance) FROM changeover.instances i
                     WHERE i.live AND i.repository = s.name) AS live
              FROM changeover.status s ORDER BY s.name""";

    static Where of(Database database, String repository) throws SQLException {
        List<Where> all = database.rows(SQL).stream().map(Where::of).toList();
        return all.stream()
                .filter(each -> each.repository.equals(repository))
                .findFirst()
                .orElseThrow(() -> unknown(repository, all));
    }

    private static Where of(JsonNode row) {
        return new Where(
                Json.text(row, "repository"),
                Stage.valueOf(Json.text(row, "stage")),
                row.get("epoch").asLong(),
                row.get("percent").asInt(),
                row.get("revision").asLong(),
                row.get("live").asLong());
    }

    private static ConsoleException unknown(String repository, List<Where> all) {
        String known = all.stream().map(Where::repository).collect(Collectors.joining(", "));
        return ConsoleException.error(
                repository + ": there is no such repository",
                known.isEmpty()
                        ? "An instance of the application makes it known when it starts"
                        : "Known are: " + known);
    }

    /**
     * Refuses to go on from a state that the person has not seen.
     *
     * @param expected the epoch that was seen, or null for whatever it is
     */
    Where expect(@Nullable Long expected) {
        if (expected != null && expected != epoch) {
            throw ConsoleException.error(
                    repository + ": expected epoch " + expected + ", found " + epoch,
                    "Somebody moved it meanwhile: changeover status " + repository);
        }
        return this;
    }
}
