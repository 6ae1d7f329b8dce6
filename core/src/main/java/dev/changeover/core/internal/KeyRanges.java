package dev.changeover.core.internal;

import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The ranges of one backfill or reseed in the control schema, from which the workers of all instances take. */
final class KeyRanges {

    private static final String COLUMNS = "number, after_key, to_key, last_key, attempt";

    private static final String OF = " WHERE repository = ? AND job = ?";

    /** The row stays locked until the chunk ends, so nobody takes a range from a worker whose chunk is slow. */
    private static final String HOLD =
            "SELECT " + COLUMNS + " FROM changeover.key_range" + OF + " AND number = ? AND attempt = ? FOR UPDATE";

    private static final String TOTALS = "SELECT rows, skipped, parked, finished, workers, paused, rows_per_second"
            + " FROM changeover.copies WHERE repository = ? AND job = ?";

    private static final String ADVANCE = "SELECT changeover.advance_range(?, ?, ?, ?, ?, ?, ?, ?, ?, ?); " + TOTALS;

    private static final String RENEW = "UPDATE changeover.key_range"
            + " SET lease_until = clock_timestamp() + make_interval(secs => ? / 1000.0)" + OF
            + " AND number = ? AND attempt = ?";

    private static final String RELEASE = "UPDATE changeover.key_range SET holder = NULL, lease_until = NULL" + OF
            + " AND number = ? AND attempt = ?";

    private final DataSource dataSource;
    private final String name;
    private final int repository;
    private final String job;
    private final String holder;
    private final int leaseMillis;

    /**
     * @param holder the instance, for people to see
     */
    KeyRanges(DataSource dataSource, String name, int repository, String job, String holder, int leaseMillis) {
        this.dataSource = dataSource;
        this.name = name;
        this.repository = repository;
        this.job = job;
        this.holder = holder;
        this.leaseMillis = leaseMillis;
    }

    /**
     * What all ranges come to.
     *
     * @param workers how many are leased
     * @param paused who has paused it and why, or null
     * @param rowsPerSecond the limit, or {@link Double#MAX_VALUE}
     */
    record Totals(
            long rows,
            long skipped,
            long parked,
            boolean finished,
            int workers,
            @Nullable String paused,
            double rowsPerSecond) {

        static final Totals NOTHING = new Totals(0, 0, 0, false, 0, null, Double.MAX_VALUE);

        private static Totals read(ResultSet row) throws SQLException {
            double limit = row.getDouble("rows_per_second");
            return new Totals(
                    row.getLong("rows"),
                    row.getLong("skipped"),
                    row.getLong("parked"),
                    row.getBoolean("finished"),
                    row.getInt("workers"),
                    row.getString("paused"),
                    limit > 0 ? limit : Double.MAX_VALUE);
        }
    }

    int leaseMillis() {
        return leaseMillis;
    }

    /** Begins the job with one range, or goes on with those that are left. */
    void begin(long epoch) throws SQLException {
        SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.begin_copy(?, ?, ?)")) {
                statement.setInt(1, repository);
                statement.setString(2, job);
                statement.setLong(3, epoch);
                return statement.execute();
            }
        });
    }

    /** Forgets the job if it is finished, so that it begins anew. */
    void forgetFinished() throws SQLException {
        SqlTransaction.readCommitted(
                dataSource,
                connection -> update(connection, "DELETE FROM changeover.checkpoint" + OF + " AND finished", null));
    }

    /** Takes a range that nobody has, if there is one. */
    Optional<KeyRange> take() throws SQLException {
        return SqlTransaction.readCommitted(dataSource, connection -> {
            String sql = "SELECT " + COLUMNS + " FROM changeover.take_range(?, ?, ?, ?)";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, repository);
                statement.setString(2, job);
                statement.setString(3, holder);
                statement.setInt(4, leaseMillis);
                return ranges(statement).stream().findFirst();
            }
        });
    }

    /** Ends a range that has no end at this key, and leaves what is behind it to others. */
    boolean cut(Connection connection, KeyRange range, String toKey) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT changeover.cut_range(?, ?, ?, ?, ?)")) {
            identify(statement, 1, range);
            statement.setString(5, toKey);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Locks a range until the end of the transaction, and returns it as it is; none if it belongs to another by now. */
    Optional<KeyRange> hold(Connection connection, KeyRange range) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
            identify(statement, 1, range);
            return ranges(statement).stream().findFirst();
        }
    }

    /** Writes how far a range is, in the transaction that brought it there. */
    Totals advance(Connection connection, KeyRange range, Chunk chunk) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            identify(statement, 1, range);
            statement.setString(5, chunk.lastKey());
            statement.setInt(6, chunk.rows());
            statement.setInt(7, chunk.skipped());
            statement.setInt(8, chunk.parked());
            statement.setBoolean(9, chunk.last());
            statement.setInt(10, leaseMillis);
            statement.setString(11, name);
            statement.setString(12, job);
            statement.execute();
            statement.getMoreResults();
            return totals(statement.getResultSet());
        }
    }

    /** Keeps a range for another lease. */
    void renew(KeyRange range) throws SQLException {
        SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
                statement.setInt(1, leaseMillis);
                identify(statement, 2, range);
                return statement.executeUpdate();
            }
        });
    }

    /** Lets others take a range. */
    void release(KeyRange range) throws SQLException {
        SqlTransaction.readCommitted(dataSource, connection -> update(connection, RELEASE, range));
    }

    Totals totals() throws SQLException {
        return SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(TOTALS)) {
                statement.setString(1, name);
                statement.setString(2, job);
                return totals(statement.executeQuery());
            }
        });
    }

    /** Reads what is left, without taking it. */
    List<KeyRange> left() throws SQLException {
        return SqlTransaction.readCommitted(dataSource, connection -> {
            String sql = "SELECT " + COLUMNS + " FROM changeover.key_range" + OF + " ORDER BY number";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, repository);
                statement.setString(2, job);
                return ranges(statement);
            }
        });
    }

    private static Totals totals(ResultSet rows) throws SQLException {
        return rows.next() ? Totals.read(rows) : Totals.NOTHING;
    }

    private int update(Connection connection, String sql, @Nullable KeyRange range) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, repository);
            statement.setString(2, job);
            if (range != null) {
                identify(statement, 1, range);
            }
            return statement.executeUpdate();
        }
    }

    private void identify(PreparedStatement statement, int at, KeyRange range) throws SQLException {
        statement.setInt(at, repository);
        statement.setString(at + 1, job);
        statement.setInt(at + 2, range.number());
        statement.setInt(at + 3, range.attempt());
    }

    private static List<KeyRange> ranges(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            List<KeyRange> ranges = new ArrayList<>();
            while (rows.next()) {
                ranges.add(KeyRange.read(rows));
            }
            return ranges;
        }
    }
}
