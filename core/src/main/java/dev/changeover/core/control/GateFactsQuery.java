package dev.changeover.core.control;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.gate.GateFacts;
import dev.changeover.core.gate.HistoryStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what gates look at, in the snapshot of the connection. */
final class GateFactsQuery {

    private static final String FACTS = """
            SELECT r.legacy_only, clock_timestamp() AS at,
                   (SELECT max(f.last_at) FROM changeover.foreign_writers f WHERE f.repository = r.name) AS foreign_at,
                   ARRAY(SELECT a.key FROM changeover.attempt a WHERE a.repository = r.number AND a.parked
                          ORDER BY a.key LIMIT 100) AS parked
              FROM changeover.repository r WHERE r.name = ?""";

    private static final String HISTORY = """
            SELECT at, action, before, after, epoch, actor, reason, evidence::text AS evidence
              FROM changeover.history WHERE repository = ? ORDER BY id DESC LIMIT 1000""";

    private GateFactsQuery() {}

    static GateFacts read(Connection connection, String repository) throws SQLException {
        RepositoryStatus status = StatusQuery.read(connection).stream()
                .filter(each -> each.state().name().equals(repository))
                .findAny()
                .orElseThrow(() -> new ConfigurationException(
                        repository, "no such repository in the control schema", "Build it once to register it"));
        List<HistoryStep> history = history(connection, repository);
        try (PreparedStatement statement = connection.prepareStatement(FACTS)) {
            statement.setString(1, repository);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new GateFacts(
                        status,
                        texts(row, "legacy_only"),
                        texts(row, "parked"),
                        instant(row.getTimestamp("foreign_at")),
                        history,
                        MeasuredQuery.read(connection, repository),
                        row.getTimestamp("at").toInstant());
            }
        }
    }

    private static List<HistoryStep> history(Connection connection, String repository) throws SQLException {
        List<HistoryStep> steps = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(HISTORY)) {
            statement.setString(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    steps.add(step(rows));
                }
            }
        }
        Collections.reverse(steps);
        return steps;
    }

    private static HistoryStep step(ResultSet row) throws SQLException {
        return new HistoryStep(
                row.getTimestamp("at").toInstant(),
                row.getString("action"),
                row.getString("before"),
                row.getString("after"),
                row.getObject("epoch", Long.class),
                row.getString("actor"),
                row.getString("reason"),
                row.getString("evidence"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
