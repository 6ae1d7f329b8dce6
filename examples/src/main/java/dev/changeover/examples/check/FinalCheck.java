package dev.changeover.examples.check;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.journal.EntityId;
import dev.changeover.examples.journal.Expectation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Proves that nothing was lost, in one snapshot of the database and against a journal that lies outside it. It is plain
 * SQL and shares no code with the mappings that made the rows.
 *
 * <p>A key is lost if the side that leads does not hold a state that its writers were told. A key is divergent if the
 * two sides differ, so a key that is neither is right on both. Where new was left alone, legacy rows that were written
 * since are not compared.
 */
public final class FinalCheck {

    private static final List<String> REPOSITORIES = List.of("users", "rooms", "audit_logs");

    private final DataSource dataSource;
    private final Schemas schemas;

    /** Creates a check of these schemas. */
    public FinalCheck(DataSource dataSource, Schemas schemas) {
        this.dataSource = dataSource;
        this.schemas = schemas;
    }

    /**
     * Checks.
     *
     * @param expected what the journal says
     * @param authorities which side leads, by repository
     */
    public Verdict run(Expectation expected, Map<String, Authority> authorities) {
        try (Connection connection = dataSource.getConnection()) {
            load(connection, expected);
            connection.setAutoCommit(false);
            execute(connection, "set transaction isolation level repeatable read");
            try {
                return check(connection, excused(connection, expected), authorities);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
                execute(connection, "drop table legal, unnamed");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the final check could not run: " + e.getMessage(), e);
        }
    }

    /** What may have been written while there was no follower, also under a key that the writer did not live to learn. */
    private Set<EntityId> excused(Connection connection, Expectation expected) throws SQLException {
        Set<EntityId> excused = new HashSet<>(expected.writtenAlone());
        if (!expected.unnamed().isEmpty()) {
            find(connection, "audit_logs", sql("unnamed-audit_logs")).forEach(found -> excused.add(found.id()));
        }
        return excused;
    }

    private Verdict check(Connection connection, Set<EntityId> excused, Map<String, Authority> authorities)
            throws SQLException {
        List<Finding> lost = new ArrayList<>();
        List<Finding> divergent = new ArrayList<>();
        for (String repository : REPOSITORIES) {
            Authority authority = authorities.getOrDefault(repository, Authority.LEGACY_ALONE);
            String rows = sql("rows-" + authority.side + "-" + repository);
            lost.addAll(find(connection, repository, sql("lost-" + repository).replace("${rows}", rows)));
            if (authority.compared) {
                divergent.addAll(find(connection, repository, sql("divergent-" + repository)));
            }
        }
        divergent.removeIf(finding -> excused.contains(finding.id()));
        return new Verdict(List.copyOf(lost), List.copyOf(divergent));
    }

    private static List<Finding> find(Connection connection, String repository, String sql) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            boolean told = rows.getMetaData().getColumnCount() > 1;
            while (rows.next()) {
                EntityId id = new EntityId(repository, rows.getString(1));
                findings.add(new Finding(id, told ? rows.getString(2) : "lost"));
            }
        }
        return findings;
    }

    private static void load(Connection connection, Expectation expected) throws SQLException {
        execute(connection, "create temporary table legal (repository text, key text, state jsonb)");
        execute(connection, "create temporary table unnamed (repository text, state jsonb)");
        try (PreparedStatement insert = connection.prepareStatement("insert into legal values (?, ?, ?::jsonb)")) {
            for (var entry : expected.legal().entrySet()) {
                for (var state : entry.getValue()) {
                    insert.setString(1, entry.getKey().repository());
                    insert.setString(2, entry.getKey().key());
                    insert.setString(3, state.json());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into unnamed values (?, ?::jsonb)")) {
            for (var write : expected.unnamed()) {
                insert.setString(1, write.repository());
                insert.setString(2, write.after().json());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        execute(connection, "analyze legal");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String sql(String name) {
        return schemas.into(Script.resource("/dev/changeover/examples/check/" + name + ".sql"));
    }
}
