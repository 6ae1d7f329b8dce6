package dev.changeover.core.control;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.FoldedFind;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.gate.GateFacts;
import dev.changeover.core.measure.Counts;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The control schema in PostgreSQL. Only transaction-level state is used, so it works through PgBouncer in transaction
 * mode (whose old versions want {@code prepareThreshold=0} in the JDBC URL).
 */
public final class PostgresControl implements Control {

    private static final String STATES = """
            SELECT r.name, r.number, r.stage, r.epoch, r.backfilled, r.stale, p.percent, p.revision, p.allow, p.deny
              FROM changeover.repository r JOIN changeover.percentage p ON p.repository = r.number
             WHERE (?::text[] IS NULL OR r.name = ANY (?::text[])) ORDER BY r.number""";

    private static final String MARKED = """
            SELECT ARRAY(SELECT m.key FROM (SELECT DISTINCT x.key FROM changeover.mark x WHERE x.repository = ?) m LIMIT ?) AS keys,
                   (SELECT a.right_side FROM changeover.ask_any(?) a) AS right_side""";

    private static final String ENTER = "SELECT * FROM changeover.enter(?, ?)";

    private final DataSource dataSource;
    private final MoveRounds rounds;

    /** Creates the control on a pool of the application; short transactions of their own are opened on it. */
    public PostgresControl(DataSource dataSource) {
        this(dataSource, MoveRounds.DEFAULTS);
    }

    /** Creates the control with other rounds for its moves. */
    public PostgresControl(DataSource dataSource, MoveRounds rounds) {
        this.dataSource = Objects.requireNonNull(dataSource);
        this.rounds = rounds;
    }

    @Override
    public int register(Registration registration) {
        return inTransaction(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT changeover.register(?, ?, ?, ?, ?, ?, ?, ?)")) {
                statement.setString(1, registration.name());
                statement.setArray(2, texts(connection, registration.dependsOn()));
                statement.setBoolean(3, registration.atomic());
                statement.setBoolean(4, registration.shared());
                statement.setArray(5, texts(connection, registration.legacyOnly()));
                statement.setArray(6, texts(connection, registration.bulk()));
                statement.setArray(7, texts(connection, registration.writes()));
                statement.setArray(8, texts(connection, registration.legacyTables()));
                return single(statement, rows -> rows.getInt(1));
            }
        });
    }

    @Override
    public List<RepositoryState> states() {
        return inTransaction(connection -> states(connection, null));
    }

    static List<RepositoryState> states(Connection connection, @Nullable List<String> names) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATES)) {
            Array wanted = names == null ? null : texts(connection, names);
            statement.setArray(1, wanted);
            statement.setArray(2, wanted);
            try (ResultSet rows = statement.executeQuery()) {
                List<RepositoryState> states = new ArrayList<>();
                while (rows.next()) {
                    states.add(state(rows));
                }
                return states;
            }
        }
    }

    private static RepositoryState state(ResultSet rows) throws SQLException {
        String stale = rows.getString("stale");
        return new RepositoryState(
                rows.getString("name"),
                rows.getInt("number"),
                Stage.valueOf(rows.getString("stage")),
                rows.getLong("epoch"),
                rows.getInt("percent"),
                rows.getLong("revision"),
                texts(rows, "allow"),
                texts(rows, "deny"),
                rows.getBoolean("backfilled"),
                stale == null ? null : Side.valueOf(stale));
    }

    @Override
    public List<RepositoryStatus> status() {
        try {
            return SqlTransaction.snapshot(dataSource, StatusQuery::read);
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    @Override
    public GateFacts gateFacts(String repository) {
        try {
            return SqlTransaction.snapshot(dataSource, connection -> GateFactsQuery.read(connection, repository));
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    @Override
    public void attest(String repository, String what, Duration valid, String actor, String reason) {
        inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.attest(?, ?, ?, ?, ?)")) {
                statement.setString(1, repository);
                statement.setString(2, what);
                statement.setLong(3, valid.toSeconds());
                statement.setString(4, reason);
                statement.setString(5, actor);
                return statement.execute();
            }
        });
    }

    @Override
    public void heartbeat(String instance, String application, Duration lease, Collection<RepositoryState> seen) {
        inTransaction(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT changeover.heartbeat(?, ?, ?, ?, ?, ?)")) {
                statement.setString(1, instance);
                statement.setString(2, application);
                statement.setInt(3, Math.toIntExact(lease.toMillis()));
                statement.setArray(4, numbers(connection, "int4", seen, RepositoryState::number));
                statement.setArray(5, numbers(connection, "int8", seen, RepositoryState::epoch));
                statement.setArray(6, numbers(connection, "int8", seen, RepositoryState::revision));
                return statement.execute();
            }
        });
    }

    @Override
    public Entry enter(Connection connection, int repository, @Nullable List<String> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ENTER)) {
            statement.setInt(1, repository);
            statement.setArray(2, keys == null ? null : texts(connection, keys));
            return single(
                    statement,
                    rows -> new Entry(
                            Stage.valueOf(rows.getString(1)),
                            rows.getLong(2),
                            rows.getInt(3),
                            rows.getString(4).startsWith("read "),
                            rows.getBoolean(5),
                            rows.getBoolean(6),
                            rows.getString(7)));
        }
    }

    @Override
    public Answer ask(@Nullable Connection connection, int repository, @Nullable String key) throws SQLException {
        if (connection != null) {
            return askOn(connection, repository, key);
        }
        try (Connection own = dataSource.getConnection()) {
            return askOn(own, repository, key);
        }
    }

    private static Answer askOn(Connection connection, int repository, @Nullable String key) throws SQLException {
        String sql = key == null ? "SELECT * FROM changeover.ask_any(?)" : "SELECT * FROM changeover.ask(?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, repository);
            if (key != null) {
                statement.setString(2, key);
            }
            return single(statement, rows -> {
                String right = rows.getString(4);
                return new Answer(
                        Stage.valueOf(rows.getString(1)), rows.getInt(3), right == null ? null : Side.valueOf(right));
            });
        }
    }

    @Override
    public MarkedKeys marked(int repository, int most) throws SQLException {
        try (Connection own = dataSource.getConnection();
                PreparedStatement statement = own.prepareStatement(MARKED)) {
            statement.setInt(1, repository);
            statement.setInt(2, most + 1);
            statement.setInt(3, repository);
            return single(statement, rows -> {
                Set<String> keys = texts(rows, "keys");
                return new MarkedKeys(keys, keys.size() <= most, rows.getString(2) != null);
            });
        }
    }

    @Override
    public boolean readOnly(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT current_setting('transaction_read_only') = 'on'")) {
            return single(statement, rows -> rows.getBoolean(1));
        }
    }

    @Override
    public List<String> deferredConstraints(Connection connection, List<String> tables) throws SQLException {
        return DeferredConstraints.of(connection, tables);
    }

    @Override
    public void setReadSavepoint(Connection connection) throws SQLException {
        execute(connection, "SAVEPOINT changeover_read");
    }

    @Override
    public void releaseReadSavepoint(Connection connection) throws SQLException {
        execute(connection, "RELEASE SAVEPOINT changeover_read");
    }

    @Override
    public void undoReadSavepoint(Connection connection) throws SQLException {
        execute(connection, "ROLLBACK TO SAVEPOINT changeover_read; RELEASE SAVEPOINT changeover_read");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public List<String> asleep(Connection connection, int repository) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.asleep(?)")) {
            statement.setInt(1, repository);
            return single(statement, rows -> {
                Array tables = rows.getArray(1);
                return tables == null ? List.of() : List.of((String[]) tables.getArray());
            });
        }
    }

    @Override
    public boolean reserve(Connection connection, int repository, List<String> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FollowerSql.RESERVE)) {
            statement.setInt(1, repository);
            statement.setArray(2, texts(connection, keys));
            statement.execute();
            statement.getMoreResults();
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() && rows.getBoolean(1);
            }
        } catch (SQLException e) {
            execute(connection, FollowerSql.ROLLBACK);
            return false;
        }
    }

    @Override
    public OpenedFollower openFollower(
            Connection connection, int repository, Entry entry, List<String> keys, FollowerLimits limits)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FollowerSql.OPEN)) {
            FollowerSql.bindOpen(connection, statement, repository, entry, keys, limits);
            statement.execute();
            return FollowerSql.opened(statement);
        }
    }

    @Override
    public <K, V> OpenedWithStates<K, V> openFollower(
            Connection connection,
            int repository,
            Entry entry,
            List<String> keys,
            FollowerLimits limits,
            FoldedFind<K, V> find)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FollowerSql.OPEN + "; " + find.sql())) {
            FollowerSql.bindOpen(connection, statement, repository, entry, keys, limits);
            statement.setArray(7, texts(connection, keys));
            statement.execute();
            OpenedFollower opened = FollowerSql.opened(statement);
            statement.getMoreResults();
            try (ResultSet rows = statement.getResultSet()) {
                return new OpenedWithStates<>(opened, opened.locked() ? find.read(rows) : Map.of());
            }
        }
    }

    @Override
    public void copyFolded(
            Connection connection,
            int repository,
            Entry entry,
            List<String> keys,
            FollowerLimits limits,
            FoldedCopy copy)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(copy.sql())) {
            FollowerSql.bindOpen(connection, statement, repository, entry, keys, limits.sharedBy(copy.keyParameters()));
            int next = 7;
            for (int i = 0; i < copy.keyParameters(); i++) {
                statement.setArray(next++, texts(connection, keys));
            }
            FollowerSql.bindClose(statement, next, repository, entry);
            statement.execute();
        }
    }

    @Override
    public Map<String, List<Long>> openParents(
            Connection connection, int repository, List<String> keys, Side follower, FollowerLimits limits)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT * FROM changeover.open_parents(?, ?, ?, ?)")) {
            statement.setInt(1, repository);
            statement.setArray(2, texts(connection, keys));
            statement.setString(3, follower.name());
            statement.setInt(4, limits.keyWait());
            try (ResultSet rows = statement.executeQuery()) {
                Map<String, List<Long>> marks = new LinkedHashMap<>();
                while (rows.next()) {
                    marks.put(
                            rows.getString(1), List.of((Long[]) rows.getArray(2).getArray()));
                }
                return marks;
            }
        }
    }

    @Override
    public void closeFollower(
            Connection connection, int repository, Entry entry, OpenedFollower opened, List<String> deferredConstraints)
            throws SQLException {
        List<String> statements = new ArrayList<>(deferredConstraints);
        statements.add("SELECT changeover.close_follower(?, ?, ?, ?)");
        statements.add("RELEASE SAVEPOINT changeover");
        String sql = String.join("; ", statements);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            FollowerSql.bindClose(statement, 1, repository, entry);
            statement.setArray(
                    4, connection.createArrayOf("int8", opened.marks().toArray()));
            statement.execute();
        }
    }

    @Override
    public void rollbackFollower(Connection connection) throws SQLException {
        execute(connection, FollowerSql.ROLLBACK);
    }

    @Override
    public void undoFollower(Connection connection, int repository, Entry entry, List<String> keys, String reason)
            throws SQLException {
        leave(connection, FollowerSql.ROLLBACK + "; ", repository, entry, keys, reason);
    }

    @Override
    public void leave(Connection connection, int repository, Entry entry, List<String> keys, String reason)
            throws SQLException {
        leave(connection, "", repository, entry, keys, reason);
    }

    @Override
    public void mark(Connection connection, int repository, List<String> keys, Side right, String reason)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FollowerSql.MARK)) {
            FollowerSql.bindMark(connection, statement, repository, keys, right, reason);
            statement.execute();
        }
    }

    private static void leave(
            Connection connection, String before, int repository, Entry entry, List<String> keys, String reason)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(before + (entry.watched() ? FollowerSql.LEAVE : FollowerSql.MARK))) {
            FollowerSql.bindMark(connection, statement, repository, keys, entry.authority(), reason);
            if (entry.watched()) {
                statement.setString(5, entry.sign());
            }
            statement.execute();
        }
    }

    @Override
    public List<RepositoryState> move(Move move, LastKeys lastKeys) {
        return new FencedMove(dataSource, rounds, move, lastKeys).run();
    }

    @Override
    public void measure(Counts counts) {
        inTransaction(connection -> CountsSql.add(connection, counts));
    }

    @Override
    public void percent(PercentChange change) {
        inTransaction(connection -> percent(connection, change));
    }

    private static boolean percent(Connection connection, PercentChange change) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT changeover.percent(?, ?, ?, ?, ?::jsonb, ?, ?)")) {
            statement.setArray(1, texts(connection, change.repositories()));
            statement.setInt(2, change.percent());
            statement.setString(3, change.reason());
            statement.setString(4, change.actor());
            statement.setString(5, change.evidence());
            statement.setObject(6, change.expectedEpoch(), Types.BIGINT);
            statement.setObject(7, change.expectedRevision(), Types.BIGINT);
            statement.execute();
        }
        if (change.dryRun()) {
            connection.rollback();
        }
        return true;
    }

    @Override
    public void routeLists(
            String repository, Collection<String> allow, Collection<String> deny, String actor, String reason) {
        inTransaction(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT changeover.route_lists(?, ?, ?, ?, ?)")) {
                statement.setString(1, repository);
                statement.setArray(2, texts(connection, allow));
                statement.setArray(3, texts(connection, deny));
                statement.setString(4, reason);
                statement.setString(5, actor);
                return statement.execute();
            }
        });
    }

    private <T extends @Nullable Object> T inTransaction(SqlTransaction.Work<T> work) {
        try {
            return SqlTransaction.readCommitted(dataSource, work);
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    /** The control functions refuse with SQLSTATEs of the class CO; anything else is a failure. */
    static ChangeoverException refusal(SQLException e) {
        String code = e.getSQLState();
        if (code != null && code.startsWith("CO")) {
            return new MoveRefusedException(code, String.valueOf(e.getMessage()), e);
        }
        String hint = "42501".equals(code) ? ". The role lacks a grant, see ControlSchema.grants" : "";
        return new ChangeoverException("The control schema could not be used: " + e.getMessage() + hint, e);
    }

    private static Set<String> texts(ResultSet rows, String column) throws SQLException {
        return new HashSet<>(Arrays.asList((String[]) rows.getArray(column).getArray()));
    }

    static Array texts(Connection connection, Collection<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }

    private static Array numbers(
            Connection connection,
            String type,
            Collection<RepositoryState> states,
            java.util.function.Function<RepositoryState, Number> number)
            throws SQLException {
        return connection.createArrayOf(type, states.stream().map(number).toArray());
    }

    private static <T> T single(PreparedStatement statement, SqlTransaction.Row<T> row) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return row.read(rows);
        }
    }
}
