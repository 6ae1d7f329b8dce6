package dev.changeover.core.internal;

import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.event.ChangeoverListener;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** Tells now and then how much was written round the library, and keeps the table that remembers it small. */
final class ForeignChanges {

    private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private static final String COUNT = """
            SELECT r.name, coalesce(sum(f.changes), 0) FROM changeover.repository r
              LEFT JOIN changeover.foreign_writers f ON f.repository = r.name
             WHERE cardinality(r.sentinels) > 0 GROUP BY r.name""";

    private final DataSource dataSource;
    private final ChangeoverListener listener;
    private long dueAt = System.nanoTime();

    ForeignChanges(DataSource dataSource, ChangeoverListener listener) {
        this.dataSource = dataSource;
        this.listener = listener;
    }

    /** Looks, if it is time to, at these repositories. Called by one thread. */
    void lookAt(Set<String> repositories) {
        if (repositories.isEmpty() || System.nanoTime() - dueAt < 0) {
            return;
        }
        dueAt = System.nanoTime() + EVERY_NANOS;
        try {
            SqlTransaction.readCommitted(dataSource, ForeignChanges::count).forEach((repository, changes) -> {
                if (repositories.contains(repository)) {
                    listener.foreignChanges(repository, changes);
                }
            });
        } catch (SQLException | RuntimeException e) {
            listener.backgroundFailed("count of foreign changes", e);
        }
    }

    private static Map<String, Long> count(Connection connection) throws SQLException {
        Map<String, Long> changes = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT changeover.fold_foreign_changes()");
            try (ResultSet rows = statement.executeQuery(COUNT)) {
                while (rows.next()) {
                    changes.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return changes;
    }
}
