package dev.changeover.core.control;

import dev.changeover.core.Side;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The messages of a follower's part, and what is bound to them and read from them. */
final class FollowerSql {

    static final String OPEN = "SAVEPOINT changeover; SELECT * FROM changeover.open_follower(?, ?, ?, ?, ?, ?)";

    static final String RESERVE =
            "SAVEPOINT changeover; SELECT changeover.try_key_locks(?, ?); RELEASE SAVEPOINT changeover";

    static final String MARK = "SELECT changeover.mark(?, ?, ?, ?)";

    static final String LEAVE = "SELECT changeover.leave(?, ?, ?, ?, ?)";

    static final String ROLLBACK = "ROLLBACK TO SAVEPOINT changeover; RELEASE SAVEPOINT changeover";

    private FollowerSql() {}

    static void bindOpen(
            Connection connection,
            PreparedStatement statement,
            int repository,
            Entry entry,
            List<String> keys,
            FollowerLimits limits)
            throws SQLException {
        statement.setInt(1, repository);
        statement.setString(2, entry.authority().name());
        statement.setArray(3, PostgresControl.texts(connection, keys));
        statement.setInt(4, limits.keyWait());
        statement.setInt(5, limits.lockTimeout());
        statement.setInt(6, limits.statementTimeout());
    }

    static void bindClose(PreparedStatement statement, int first, int repository, Entry entry) throws SQLException {
        statement.setInt(first, repository);
        statement.setString(first + 1, entry.authority().name());
        statement.setString(first + 2, entry.sign());
    }

    static OpenedFollower opened(PreparedStatement statement) throws SQLException {
        statement.getMoreResults();
        try (ResultSet rows = statement.getResultSet()) {
            rows.next();
            Array marks = rows.getArray(2);
            return new OpenedFollower(
                    rows.getBoolean(1),
                    marks == null ? List.of() : List.of((Long[]) marks.getArray()),
                    rows.getBoolean(3),
                    List.of((String[]) rows.getArray(4).getArray()));
        }
    }

    static void bindMark(
            Connection connection,
            PreparedStatement statement,
            int repository,
            List<String> keys,
            Side right,
            String reason)
            throws SQLException {
        statement.setInt(1, repository);
        statement.setArray(2, PostgresControl.texts(connection, keys));
        statement.setString(3, right.name());
        statement.setString(4, reason);
    }
}
