package dev.changeover.shadowcompare.report;

import dev.changeover.core.InstanceStatus;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Reads a report in one snapshot. Every query answers for all repositories at once. */
final class ReportReader {

    private static final String INSTANCES = """
            SELECT x.* FROM (
                SELECT i.*, row_number() OVER (PARTITION BY i.repository
                                               ORDER BY i.behind DESC, i.live DESC, i.application, i.instance) AS n
                  FROM changeover.instances i) x
             WHERE x.n <= 50 ORDER BY x.repository, x.n""";

    private ReportReader() {}

    static TransitionReport read(DataSource dataSource, Duration window) throws SQLException {
        return SqlTransaction.snapshot(dataSource, connection -> {
            Instant now = now(connection);
            Snapshot snapshot = new Snapshot(connection, now, now.minus(window));
            return new TransitionReport(now, snapshot.since(), repositories(snapshot));
        });
    }

    private static Instant now(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT now()");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static List<RepositoryReport> repositories(Snapshot snapshot) throws SQLException {
        Map<String, List<Position>> positions = PositionRows.read(snapshot);
        Map<String, List<InstanceStatus>> instances = snapshot.byRepository(INSTANCES, ReportReader::instance);
        Map<String, Comparisons> comparisons = ComparisonRows.read(snapshot);
        Map<String, Divergences> divergences = DivergenceQuery.read(snapshot);
        Map<String, Calls> calls = CallRows.read(snapshot);
        Map<String, Copies> copies = CopyRows.read(snapshot);
        Map<String, Marks> marks = MarkRows.read(snapshot);
        Map<String, History> histories = HistoryRows.read(snapshot);
        List<RepositoryReport> all = new ArrayList<>();
        positions.forEach((name, position) -> all.add(new RepositoryReport(
                name,
                position.get(0),
                null,
                instances.getOrDefault(name, List.of()),
                comparisons.getOrDefault(name, Comparisons.NONE),
                divergences.getOrDefault(name, Divergences.NONE),
                calls.getOrDefault(name, Calls.NONE),
                copies.getOrDefault(name, Copies.NONE),
                marks.getOrDefault(name, Marks.NONE),
                histories.getOrDefault(name, History.NONE))));
        return all;
    }

    private static InstanceStatus instance(Row row) throws SQLException {
        return new InstanceStatus(
                row.text("instance"),
                row.text("application"),
                row.flag("live"),
                row.moment("lease_until"),
                row.number("epoch"),
                row.number("revision"),
                row.flag("behind"));
    }
}
