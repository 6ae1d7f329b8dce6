package dev.changeover.core.internal;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Side;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The SQL of a background copy: the fence as a copy, the key locks that are free, the marks seen under them. All of it
 * is bound to one transaction under READ COMMITTED, which {@link dev.changeover.core.control.SqlTransaction} begins.
 */
final class CopyTransaction {

    /** What is signed may be more than what is locked: the rest is marked or comes back. */
    private static final String TRY_LOCKS = """
            SELECT changeover.sign_copy(?, ?, ?);
            SELECT k FROM (SELECT k, changeover.key_lock(?, k) h FROM unnest(?) k ORDER BY h OFFSET 0) sorted
             WHERE pg_try_advisory_xact_lock(1128813415, h)""";

    private static final String BARE = """
            SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t
                                WHERE t.tgrelid IN (SELECT ?::regclass
                                                    UNION SELECT p.relid FROM pg_catalog.pg_partition_tree(?::regclass) p)
                                  AND NOT t.tgisinternal AND t.tgenabled <> 'D'
                                  AND NOT starts_with(t.tgname, 'changeover_'))
               AND NOT (SELECT c.relhasrules FROM pg_catalog.pg_class c WHERE c.oid = ?::regclass)""";

    private static final int MOVE_LOCK_MILLIS = 50;
    private static final int MOVE_STATEMENT_MILLIS = 500;

    private final Connection connection;
    private final int repository;
    private final Side follower;

    private CopyTransaction(Connection connection, int repository, Side follower) {
        this.connection = connection;
        this.repository = repository;
        this.follower = follower;
    }

    /**
     * Enters the fence as a copy and sets what a copy needs: hidden rows are an error, not an absence, and it gives way
     * instead of waiting in somebody's lock queue.
     *
     * @throws SQLException with state CO002 if this side is not the follower at this epoch any more
     */
    static CopyTransaction enter(Connection connection, int repository, Side follower, long epoch, int lockMillis)
            throws SQLException {
        String sql = "SET LOCAL lock_timeout = " + lockMillis
                + "; SET LOCAL row_security = off; SELECT changeover.enter_copy(?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, repository);
            statement.setString(2, follower.name());
            statement.setLong(3, epoch);
            statement.execute();
        }
        return new CopyTransaction(connection, repository, follower);
    }

    /** Begins what is rolled back in any case, and so needs no fence. */
    static CopyTransaction trial(Connection connection, int repository, Side follower, int lockMillis)
            throws SQLException {
        try (Statement settings = connection.createStatement()) {
            settings.execute("SET LOCAL lock_timeout = " + lockMillis + "; SET LOCAL row_security = off");
        }
        return new CopyTransaction(connection, repository, follower);
    }

    /**
     * Joins a transaction that holds the fence exclusively, as a move does. All writers wait for it, so it must not wait
     * for a stranger who holds a row of the follower.
     */
    static CopyTransaction insideMove(Connection connection, int repository, Side follower) throws SQLException {
        try (Statement settings = connection.createStatement()) {
            settings.execute("SET LOCAL row_security = off; SET LOCAL lock_timeout = " + MOVE_LOCK_MILLIS
                    + "; SET LOCAL statement_timeout = " + MOVE_STATEMENT_MILLIS);
        }
        return new CopyTransaction(connection, repository, follower);
    }

    /** Gives the transaction of a move its own limits back. */
    void leaveMove() throws SQLException {
        execute("SET LOCAL lock_timeout TO DEFAULT; SET LOCAL statement_timeout TO DEFAULT");
    }

    /** Takes the locks of those keys that are free, in the order of the locks, and returns these keys. */
    List<String> tryLock(Collection<String> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TRY_LOCKS)) {
            statement.setInt(1, repository);
            statement.setString(2, follower.name());
            statement.setArray(3, texts(keys));
            statement.setInt(4, repository);
            statement.setArray(5, texts(keys));
            statement.execute();
            statement.getMoreResults();
            return strings(statement.getResultSet());
        }
    }

    /** Waits for the lock of one key alone, holding no other, for at most {@code millis}. */
    void lockOne(String key, int millis) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT set_config('lock_timeout', ?, true);"
                + " SELECT pg_advisory_xact_lock(1128813415, changeover.key_lock(?, ?))")) {
            statement.setString(1, millis + "ms");
            statement.setInt(2, repository);
            statement.setString(3, key);
            statement.execute();
        }
    }

    /** Returns the ids of the marks of locked keys; to be called before the state is read. */
    List<Long> marks(Collection<String> keys) throws SQLException {
        String sql = "SELECT id FROM changeover.mark WHERE repository = ? AND key = ANY (?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, repository);
            statement.setArray(2, texts(keys));
            try (ResultSet rows = statement.executeQuery()) {
                List<Long> ids = new ArrayList<>();
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
                return ids;
            }
        }
    }

    /** Deletes exactly these marks. */
    void clear(List<Long> marks) throws SQLException {
        if (marks.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.clear_marks(?)")) {
            statement.setArray(1, connection.createArrayOf("int8", marks.toArray()));
            statement.execute();
        }
    }

    /** Marks keys that this copy leaves behind. */
    void mark(Collection<String> keys, Side right, String reason) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.mark(?, ?, ?, ?)")) {
            statement.setInt(1, repository);
            statement.setArray(2, texts(keys));
            statement.setString(3, right.name());
            statement.setString(4, reason);
            statement.execute();
        }
    }

    /** Tells whether an UPDATE of this table sets off nothing of the application's. */
    boolean bare(String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BARE)) {
            for (int i = 1; i <= 3; i++) {
                statement.setString(i, table);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Runs a step in a savepoint, so that a row that cannot be copied leaves the rest of the transaction alone. */
    void inSavepoint(Step step) throws SQLException {
        execute("SAVEPOINT changeover_copy");
        try {
            step.run();
            execute("RELEASE SAVEPOINT changeover_copy");
        } catch (SQLException | RuntimeException failure) {
            undo(failure);
            throw failure;
        } catch (Error failure) {
            undo(failure);
            // a mapping that overflows the stack or lacks a class breaks its keys, not the thread that copies
            throw new ChangeoverException("the copy threw " + failure.getClass().getName(), failure);
        }
    }

    /** On a connection that is lost there is nothing to undo, and what it was lost by says more. */
    private void undo(Throwable failure) throws SQLException {
        try {
            execute("ROLLBACK TO SAVEPOINT changeover_copy; RELEASE SAVEPOINT changeover_copy");
        } catch (SQLException e) {
            SQLException lost = SqlStates.lostConnection(failure);
            throw lost == null ? e : lost;
        }
    }

    /** Makes deferred constraints speak now, while it is known which keys they are about. */
    void checkConstraints(List<String> statements) throws SQLException {
        if (!statements.isEmpty()) {
            execute(String.join("; ", statements));
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Array texts(Collection<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }

    private static List<String> strings(ResultSet rows) throws SQLException {
        List<String> values = new ArrayList<>();
        while (rows.next()) {
            values.add(rows.getString(1));
        }
        return values;
    }

    /** A step that may fail. */
    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }
}
