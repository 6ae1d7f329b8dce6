package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads {@code changeover.divergences} and their history. */
final class DivergenceRows {
    private static final String GROUPS = """
            SELECT d.*, s ->> 'key' AS sample_key, s ->> 'path' AS sample_path, s ->> 'authority' AS authority,
                   s ->> 'follower' AS follower
              FROM changeover.divergences d
              LEFT JOIN LATERAL jsonb_array_elements(d.samples) WITH ORDINALITY AS e (s, n) ON true
             WHERE d.id = coalesce(?, d.id) AND d.repository = coalesce(?, d.repository)
               AND d.operation = coalesce(?, d.operation) AND starts_with(d.path, coalesce(?, ''))
               AND d.kind = coalesce(?, d.kind) AND d.state = coalesce(?, d.state) AND d.unreviewed >= ?
             ORDER BY d.id, e.n
            """;

    private static final String HISTORY = """
            SELECT at, actor, db_user, before, after, reason, owner, ticket, expires, count
              FROM changeover.divergence_history WHERE divergence = ? ORDER BY id
            """;

    private DivergenceRows() {}

    static List<DivergenceGroup> groups(Connection connection, @Nullable Long id, DivergenceFilter filter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(GROUPS)) {
            statement.setObject(1, id, java.sql.Types.BIGINT);
            statement.setString(2, filter.repository());
            statement.setString(3, filter.operation());
            statement.setString(4, filter.pathPrefix());
            statement.setString(5, name(filter.kind()));
            statement.setString(6, name(filter.state()));
            statement.setBoolean(7, filter.unreviewedOnly());
            try (ResultSet rows = statement.executeQuery()) {
                return groups(rows);
            }
        }
    }

    private static @Nullable String name(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }

    private static List<DivergenceGroup> groups(ResultSet rows) throws SQLException {
        Map<Long, DivergenceGroup> groups = new LinkedHashMap<>();
        while (rows.next()) {
            groups.merge(rows.getLong("id"), group(rows), DivergenceRows::joined);
        }
        return List.copyOf(groups.values());
    }

    private static DivergenceGroup group(ResultSet row) throws SQLException {
        return new DivergenceGroup(
                row.getLong("id"),
                row.getString("repository"),
                row.getString("operation"),
                row.getString("path"),
                Kind.named(row.getString("kind")),
                row.getLong("count"),
                row.getLong("epoch"),
                moment(row, "first_seen"),
                moment(row, "last_seen"),
                sample(row),
                review(row));
    }

    private static List<Sample> sample(ResultSet row) throws SQLException {
        String path = row.getString("sample_path");
        return path == null
                ? List.of()
                : List.of(new Sample(
                        row.getString("sample_key"), path, row.getString("authority"), row.getString("follower")));
    }

    private static Review review(ResultSet row) throws SQLException {
        return new Review(
                ReviewState.valueOf(row.getString("state")),
                row.getString("owner"),
                row.getString("ticket"),
                maybe(row, "expires"),
                row.getLong("revision"));
    }

    private static DivergenceGroup joined(DivergenceGroup known, DivergenceGroup next) {
        List<Sample> samples = new ArrayList<>(known.samples());
        samples.addAll(next.samples());
        return known.withSamples(samples);
    }

    static List<ReviewStep> history(Connection connection, long id) throws SQLException {
        List<ReviewStep> steps = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(HISTORY)) {
            statement.setLong(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    steps.add(step(rows));
                }
            }
        }
        return steps;
    }

    private static ReviewStep step(ResultSet row) throws SQLException {
        return new ReviewStep(
                moment(row, "at"),
                row.getString("actor"),
                row.getString("db_user"),
                ReviewState.valueOf(row.getString("before")),
                ReviewState.valueOf(row.getString("after")),
                row.getString("reason"),
                row.getString("owner"),
                row.getString("ticket"),
                maybe(row, "expires"),
                row.getLong("count"));
    }

    private static Instant moment(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(maybe(row, column), column);
    }

    private static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
