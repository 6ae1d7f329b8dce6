package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Keeps divergences in the table {@code changeover.divergence}, one row for each repository, operation, path and kind,
 * with a count and a bounded number of samples. It takes its own connections, in auto-commit mode.
 */
public final class JdbcDivergenceLog implements DivergenceStore {
    private static final int SAMPLES = 5;

    /** Rows are taken in one order, so that two instances that report the same never deadlock. */
    private static final Comparator<DivergenceGroup> ORDER = Comparator.comparing(DivergenceGroup::repository)
            .thenComparing(DivergenceGroup::operation)
            .thenComparing(DivergenceGroup::path)
            .thenComparing(DivergenceGroup::kind);

    private static final String ADD = """
            INSERT INTO changeover.divergence AS d (repository, operation, path, kind, key, authority, follower, epoch,
                    count, first_seen, last_seen, samples)
                SELECT ?, ?, ?, ?, s.key[1], s.authority[1], s.follower[1], ?, ?, ?, ?,
                       (SELECT jsonb_agg(jsonb_build_object('key', k, 'path', p, 'authority', a, 'follower', f))
                          FROM unnest(s.key, s.path, s.authority, s.follower) AS u (k, p, a, f))
                  FROM (SELECT ?::text[] AS key, ?::text[] AS path, ?::text[] AS authority, ?::text[] AS follower) s
            ON CONFLICT (repository, operation, path, kind) DO UPDATE SET
                count = d.count + excluded.count,
                key = excluded.key, authority = excluded.authority, follower = excluded.follower,
                epoch = excluded.epoch,
                last_seen = greatest(d.last_seen, excluded.last_seen),
                samples = CASE WHEN jsonb_array_length(d.samples) >= ? THEN d.samples
                               ELSE (SELECT jsonb_agg(x.s) FROM (
                                   SELECT s FROM (
                                       SELECT DISTINCT ON (e.s ->> 'key') e.s, e.n
                                         FROM jsonb_array_elements(d.samples || excluded.samples)
                                              WITH ORDINALITY AS e (s, n)
                                        ORDER BY e.s ->> 'key', e.n) AS o
                                    ORDER BY o.n LIMIT ?) AS x)
                          END
            """;

    private static final String GROUPS = """
            SELECT d.id, d.repository, d.operation, d.path, d.kind, d.count, d.epoch, d.first_seen, d.last_seen,
                   s ->> 'key', s ->> 'path', s ->> 'authority', s ->> 'follower'
              FROM changeover.divergence d
              LEFT JOIN LATERAL jsonb_array_elements(d.samples) WITH ORDINALITY AS e (s, n) ON true
             ORDER BY d.id, e.n
            """;

    private final DataSource dataSource;

    /** Keeps divergences in the control schema of this database. */
    public JdbcDivergenceLog(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void add(List<Divergence> confirmed) {
        List<DivergenceGroup> groups =
                new DivergenceGroups(SAMPLES).addAll(confirmed).list();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(ADD)) {
            for (DivergenceGroup each : groups.stream().sorted(ORDER).toList()) {
                bind(connection, statement, each);
                statement.executeUpdate();
            }
        } catch (SQLException e) {
            throw new ChangeoverException("divergences could not be stored: " + e.getMessage(), e);
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, DivergenceGroup group)
            throws SQLException {
        List<Sample> samples = group.samples();
        statement.setString(1, group.repository());
        statement.setString(2, group.operation());
        statement.setString(3, group.path());
        statement.setString(4, group.kind().name());
        statement.setLong(5, group.epoch());
        statement.setLong(6, group.count());
        statement.setObject(7, group.firstSeen().atOffset(ZoneOffset.UTC));
        statement.setObject(8, group.lastSeen().atOffset(ZoneOffset.UTC));
        statement.setArray(
                9, array(connection, samples.stream().map(Sample::key).toArray()));
        statement.setArray(
                10, array(connection, samples.stream().map(Sample::path).toArray()));
        statement.setArray(
                11, array(connection, samples.stream().map(Sample::authority).toArray()));
        statement.setArray(
                12, array(connection, samples.stream().map(Sample::follower).toArray()));
        statement.setInt(13, SAMPLES);
        statement.setInt(14, SAMPLES);
    }

    private static java.sql.Array array(Connection connection, Object[] texts) throws SQLException {
        return connection.createArrayOf("text", texts);
    }

    @Override
    public List<DivergenceGroup> groups() {
        Map<Long, DivergenceGroup> groups = new LinkedHashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(GROUPS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                groups.merge(rows.getLong(1), group(rows), JdbcDivergenceLog::joined);
            }
        } catch (SQLException e) {
            throw new ChangeoverException("divergences could not be read: " + e.getMessage(), e);
        }
        return List.copyOf(groups.values());
    }

    private static DivergenceGroup group(ResultSet row) throws SQLException {
        String path = row.getString(11);
        return new DivergenceGroup(
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Kind.valueOf(row.getString(5)),
                row.getLong(6),
                row.getLong(7),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                row.getObject(9, OffsetDateTime.class).toInstant(),
                path == null
                        ? List.of()
                        : List.of(new Sample(row.getString(10), path, row.getString(12), row.getString(13))));
    }

    private static DivergenceGroup joined(DivergenceGroup known, DivergenceGroup next) {
        List<Sample> samples = new ArrayList<>(known.samples());
        samples.addAll(next.samples());
        return known.withSamples(samples);
    }
}
