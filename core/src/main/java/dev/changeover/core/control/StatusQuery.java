package dev.changeover.core.control;

import dev.changeover.core.InstanceStatus;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.Side;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the status of all repositories, in the snapshot of the connection. */
final class StatusQuery {

    private static final String STATUS = """
            SELECT name, marks, oldest_mark, parked, sentinels, foreign_changes, in_the_way FROM changeover.status""";

    private static final String INSTANCES = """
            SELECT repository, instance, application, live, lease_until, epoch, revision, behind
              FROM changeover.instances ORDER BY repository, application, instance""";

    private StatusQuery() {}

    static List<RepositoryStatus> read(Connection connection) throws SQLException {
        Map<String, List<InstanceStatus>> instances = instances(connection);
        Map<String, RepositoryState> states = PostgresControl.states(connection, null).stream()
                .collect(Collectors.toMap(RepositoryState::name, state -> state));
        try (PreparedStatement statement = connection.prepareStatement(STATUS);
                ResultSet rows = statement.executeQuery()) {
            List<RepositoryStatus> all = new ArrayList<>();
            while (rows.next()) {
                RepositoryState state = states.get(rows.getString("name"));
                if (state != null) {
                    all.add(status(state, instances.getOrDefault(state.name(), List.of()), rows));
                }
            }
            return all;
        }
    }

    private static RepositoryStatus status(RepositoryState state, List<InstanceStatus> instances, ResultSet row)
            throws SQLException {
        return new RepositoryStatus(
                state,
                row.getLong("marks"),
                instant(row.getTimestamp("oldest_mark")),
                row.getLong("parked"),
                sides(row.getArray("sentinels")),
                row.getLong("foreign_changes"),
                instances,
                row.getString("in_the_way"));
    }

    private static Map<String, List<InstanceStatus>> instances(Connection connection) throws SQLException {
        Map<String, List<InstanceStatus>> instances = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(INSTANCES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                instances
                        .computeIfAbsent(rows.getString("repository"), name -> new ArrayList<>())
                        .add(new InstanceStatus(
                                rows.getString("instance"),
                                rows.getString("application"),
                                rows.getBoolean("live"),
                                rows.getTimestamp("lease_until").toInstant(),
                                rows.getLong("epoch"),
                                rows.getLong("revision"),
                                rows.getBoolean("behind")));
            }
        }
        return instances;
    }

    private static Set<Side> sides(Array array) throws SQLException {
        return Stream.of((String[]) array.getArray()).map(Side::valueOf).collect(Collectors.toSet());
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
