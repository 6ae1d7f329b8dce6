package dev.changeover.proof;

import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Sits between the library and its pool, and knows the statements by a part of their text: stops a thread before one of
 * them is executed, or takes a rule out of one.
 */
final class Tap implements Messages.Hook {

    private final DataSource pool;
    private final Probe probe = new Probe();
    private final Map<String, Boolean> points = new ConcurrentHashMap<>();
    private final Map<String, String> rewrites = new ConcurrentHashMap<>();
    private volatile String onConnect = "";

    Tap(DataSource pool) {
        this.pool = pool;
    }

    DataSource dataSource() {
        return Messages.of(pool, this);
    }

    /** Stops the next thread that is about to execute a statement which contains this text. */
    PausePoint pauseBefore(String part) {
        points.put(part, true);
        return probe.pauseAt(part);
    }

    /** Counts the statements that contain this text from now on. */
    void watch(String part) {
        points.put(part, true);
    }

    /** How often a statement with this text was executed since it was first asked for. */
    long executions(String part) {
        return probe.hits(part);
    }

    /** Runs this on every connection that is taken from now on. */
    void onConnect(String sql) {
        onConnect = sql;
    }

    /** Replaces this text in the statements of jobs, which are the library's own work in the background. */
    void rewriteInJobs(String part, String replacement) {
        rewrites.put(part, replacement);
    }

    @Override
    public void taken(Connection connection) throws SQLException {
        if (!onConnect.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(onConnect);
            }
        }
    }

    @Override
    public String rewritten(String sql) {
        if (!Scene.inJob()) {
            return sql;
        }
        String result = sql;
        for (Map.Entry<String, String> rewrite : rewrites.entrySet()) {
            result = result.replace(rewrite.getKey(), rewrite.getValue());
        }
        return result;
    }

    @Override
    public void before(String sql) {
        for (String part : points.keySet()) {
            if (sql.contains(part)) {
                probe.reach(part);
            }
        }
    }
}
