package dev.changeover.shadowcompare.report;

import dev.changeover.core.control.SqlTransaction;
import dev.changeover.shadowcompare.report.Checklist.Item;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads how far each repository is. The steps are those of the guide's checklist, {@code docs/guide.md}. */
final class ChecklistRows {

    private static final String STATE = """
            SELECT r.name AS repository,
                   EXISTS (SELECT FROM changeover.instances i WHERE i.repository = r.name AND i.live) AS embedded,
                   r.stage <> 'LEGACY_ONLY' AS schema,
                   cardinality(r.sentinels) = 2 OR r.stage = 'NEW_ONLY' AS watched,
                   r.backfilled AND r.stale IS DISTINCT FROM 'NEW' AS moved,
                   coalesce((SELECT v.verdict = 'MATCH' FROM changeover.verification v
                              WHERE v.repository = r.name AND v.telling
                              ORDER BY v.id DESC LIMIT 1), false) AS verified,
                   cardinality(r.legacy_only) = 0 AS ported,
                   NOT EXISTS (SELECT FROM changeover.divergences d
                                WHERE d.repository = r.name AND d.unreviewed) AS reviewed,
                   r.stage IN ('NEW_PRIMARY', 'NEW_ONLY')
                       AND NOT EXISTS (SELECT FROM changeover.instances i
                                        WHERE i.repository = r.name AND i.behind) AS deployed,
                   r.stage = 'NEW_ONLY' AS left_legacy,
                   ARRAY(SELECT DISTINCT h.before FROM changeover.history h
                          WHERE h.repository = r.name AND h.action = 'ATTEST'
                            AND h.after > to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                       AS attested
              FROM changeover.repository r ORDER BY r.name""";

    /** A step that the schema tells by a column, or that somebody vouches for. */
    private record Step(
            String text, @Nullable String column, @Nullable String attested) {}

    private static final List<Step> STEPS = List.of(
            told("The library is embedded and an instance is alive", "embedded"),
            told("The new schema is there and written", "schema"),
            told("Sentinels watch both sides for old builds", "watched"),
            told("The data is moved", "moved"),
            told("Both sides are verified", "verified"),
            told("Every operation has its new implementation", "ported"),
            told("Every divergence is reviewed", "reviewed"),
            vouched("Unit tests run on the new repositories", "unit-tests"),
            vouched("Integration tests pass on both sides", "integration-tests"),
            vouched("Deployed to staging", "staging"),
            told("Deployed to production: new leads on every instance", "deployed"),
            vouched("Dashboards and alerts are set up", "monitoring"),
            vouched("Connections are pooled", "pooling"),
            vouched("Indexes are built and tables analysed", "indexes"),
            told("Legacy is left", "left_legacy"),
            vouched("The old tables are backed up", "backup"),
            vouched("The documentation is updated", "documentation"));

    private ChecklistRows() {}

    private static Step told(String text, String column) {
        return new Step(text, column, null);
    }

    private static Step vouched(String text, String what) {
        return new Step(text, null, what);
    }

    static Checklist read(DataSource dataSource) throws SQLException {
        return SqlTransaction.snapshot(dataSource, ChecklistRows::read);
    }

    private static Checklist read(Connection connection) throws SQLException {
        List<List<String>> open = new ArrayList<>();
        STEPS.forEach(step -> open.add(new ArrayList<>()));
        try (PreparedStatement statement = connection.prepareStatement(STATE);
                ResultSet rows = statement.executeQuery()) {
            Row row = new Row(rows);
            while (rows.next()) {
                for (int i = 0; i < STEPS.size(); i++) {
                    if (!done(STEPS.get(i), row)) {
                        open.get(i).add(row.text("repository"));
                    }
                }
            }
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < STEPS.size(); i++) {
            Step step = STEPS.get(i);
            items.add(new Item(step.text(), step.attested(), open.get(i)));
        }
        return new Checklist(items);
    }

    private static boolean done(Step step, Row row) throws SQLException {
        return step.column() != null
                ? row.flag(step.column())
                : row.texts("attested").contains(step.attested());
    }
}
