package dev.changeover.testkit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Looks at sessions from outside, on connections of its own. */
record SessionMonitor(DataSource source) {

    boolean waitsForLock(long pid) {
        return "Lock".equals(ask("SELECT wait_event_type FROM pg_stat_activity WHERE pid = ?", pid));
    }

    /** State, wait, blockers and statement of a backend, for messages. */
    String describe(long pid) {
        return ask("""
                SELECT concat('backend ', pid, ', ', state, ', waits for ', coalesce(wait_event, 'nothing'),
                              ', blocked by ', pg_blocking_pids(pid), ', statement: ', query)
                FROM pg_stat_activity WHERE pid = ?""", pid);
    }

    void terminate(long pid) {
        ask("SELECT pg_terminate_backend(?::int)", pid);
    }

    private String ask(String sql, long pid) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, pid);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? String.valueOf(result.getString(1)) : "backend " + pid + " is gone";
            }
        } catch (SQLException e) {
            return "cannot ask about backend " + pid + ": " + e.getMessage();
        }
    }
}
