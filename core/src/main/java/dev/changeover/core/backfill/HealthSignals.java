package dev.changeover.core.backfill;

import dev.changeover.core.backfill.Health.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/** The usual signals. What they read of the server needs no rights but where it is said. */
public final class HealthSignals {

    private static final String REPLICAS = """
            SELECT coalesce(max(extract(epoch FROM s.replay_lag)), 0), count(*) FILTER (WHERE s.state IS NULL)
              FROM pg_catalog.pg_stat_replication s""";

    private static final String SLOTS = """
            SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)), 0), min(s.slot_name)
              FROM pg_catalog.pg_replication_slots s""";

    private static final String MAINTENANCE = """
            SELECT min(l.relation::regclass::text) FROM pg_catalog.pg_locks l
             WHERE l.relation = ANY (?::regclass[]::oid[]) AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted
               AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())""";

    /** In a small table they hurt nobody; and what a preflight tries and rolls back leaves dead rows in an empty one. */
    private static final String DEAD = """
            SELECT s.relid::regclass::text, s.n_dead_tup FROM pg_catalog.pg_stat_all_tables s
             WHERE s.relid = ANY (?::regclass[]::oid[]) AND s.n_dead_tup > ? * greatest(s.n_live_tup, 250000)
             ORDER BY s.n_dead_tup DESC LIMIT 1""";

    /** Who waits, for whatever, and has locked one of the tables or wants to: waits for rows show the transaction only. */
    private static final String WAITING = """
            SELECT count(DISTINCT w.pid) FROM pg_catalog.pg_locks w
             WHERE NOT w.granted
               AND EXISTS (SELECT FROM pg_catalog.pg_locks t
                            WHERE t.pid = w.pid AND t.relation = ANY (?::regclass[]::oid[])
                              AND t.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database()))""";

    private static final String ARCHIVER = """
            SELECT current_setting('archive_mode') <> 'off'
                   AND a.last_failed_time > coalesce(a.last_archived_time, '-infinity'),
                   CASE WHEN a.last_archived_wal ~ '^[0-9A-F]{24}$' THEN pg_wal_lsn_diff(pg_current_wal_lsn(),
                        (substr(a.last_archived_wal, 9, 8) || '/' || to_hex(('x' || substr(a.last_archived_wal, 17, 8))::bit(32)::bigint
                            * pg_size_bytes(current_setting('wal_segment_size'))))::pg_lsn) ELSE 0 END,
                   to_char(a.last_failed_time, 'HH24:MI:SS')
              FROM pg_catalog.pg_stat_archiver a""";

    private static final double GIGABYTE = 1 << 30;

    private HealthSignals() {}

    /**
     * Returns those that need nothing of the application: replicas behind by 5 s or 30 s, replication slots that keep 8 or
     * 32 GB, maintenance of the tables, a fifth of dead rows, two or ten waiting for locks, archiving that fails or is
     * behind by 2 or 8 GB.
     */
    public static List<HealthSignal> standard() {
        return List.of(
                replication(Duration.ofSeconds(5), Duration.ofSeconds(30)),
                replicationSlots(8, 32),
                maintenance(),
                deadRows(0.2),
                lockWaits(2, 10),
                archiving(2, 8));
    }

    /** Replicas that lag. Unknown where the role is no member of {@code pg_read_all_stats}. */
    public static HealthSignal replication(Duration slow, Duration pause) {
        return (connection, tables) -> row(connection, REPLICAS, row -> {
            double seconds = row.getDouble(1);
            return row.getLong(2) > 0
                    ? new Health(Verdict.UNKNOWN, "the role may not see how far replicas are")
                    : Health.above(seconds, seconds(slow), seconds(pause), text("a replica is %.1f s behind", seconds));
        });
    }

    /** Replication slots for which the server keeps so many gigabytes of WAL. */
    public static HealthSignal replicationSlots(double slowGigabytes, double pauseGigabytes) {
        return (connection, tables) -> row(connection, SLOTS, row -> {
            double kept = row.getDouble(1) / GIGABYTE;
            String reason = text("replication slot %s keeps %.1f GB of WAL", row.getString(2), kept);
            return Health.above(kept, slowGigabytes, pauseGigabytes, reason);
        });
    }

    /** VACUUM, ANALYZE or an index that is built concurrently on one of the tables: slow. */
    public static HealthSignal maintenance() {
        return (connection, tables) -> row(
                connection,
                MAINTENANCE,
                row -> {
                    String table = row.getString(1);
                    return table == null
                            ? Health.GOOD
                            : new Health(Verdict.SLOW, "vacuum or an index build works on " + table);
                },
                tables);
    }

    /**
     * A table with so large a share of dead rows, which vacuum has not caught up with: slow. A table of fewer than 250,000
     * rows counts as one of as many.
     */
    public static HealthSignal deadRows(double share) {
        return (connection, tables) -> row(
                connection,
                DEAD,
                row -> new Health(
                        Verdict.SLOW, text("%s has %,d dead rows: vacuum is behind", row.getString(1), row.getLong(2))),
                tables,
                share);
    }

    /** So many sessions that wait for a lock and work on the tables. */
    public static HealthSignal lockWaits(int slow, int pause) {
        return (connection, tables) -> row(
                connection,
                WAITING,
                row -> {
                    int waiting = row.getInt(1);
                    return Health.above(
                            (double) waiting,
                            slow - 0.5,
                            pause - 0.5,
                            waiting + " sessions on the tables wait for locks");
                },
                tables);
    }

    /** Archiving of WAL whose last attempt failed, or which is so many gigabytes behind. */
    public static HealthSignal archiving(double slowGigabytes, double pauseGigabytes) {
        return (connection, tables) -> row(connection, ARCHIVER, row -> {
            if (row.getBoolean(1)) {
                return new Health(Verdict.PAUSE, "archiving of WAL fails, the last time at " + row.getString(3));
            }
            double behind = row.getDouble(2) / GIGABYTE;
            return Health.above(
                    behind, slowGigabytes, pauseGigabytes, text("archiving of WAL is %.1f GB behind", behind));
        });
    }

    /**
     * Threads of the application that wait for a connection.
     *
     * @param waiting tells how many, such as {@code pool.getHikariPoolMXBean()::getThreadsAwaitingConnection}
     */
    public static HealthSignal poolWaiting(IntSupplier waiting, int slow, int pause) {
        return (connection, tables) -> {
            int threads = waiting.getAsInt();
            return Health.above(
                    threads, slow - 0.5, pause - 0.5, threads + " threads wait for a connection of the pool");
        };
    }

    /**
     * Live traffic that is slower than before.
     *
     * @param before its median latency before the job, in any unit
     * @param now its median latency now, in the same; NaN if nobody knows
     * @param slow how many times as slow it may be until the job is slow
     * @param pause how many times as slow until the job waits
     */
    public static HealthSignal latency(double before, DoubleSupplier now, double slow, double pause) {
        return (connection, tables) -> {
            double times = now.getAsDouble() / before;
            return Double.isNaN(times)
                    ? new Health(Verdict.UNKNOWN, "nobody knows how fast the live traffic is")
                    : Health.above(times, slow, pause, text("live traffic takes %.1f times as long as before", times));
        };
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Reads health from the first row; without one it is good. */
    @FunctionalInterface
    private interface Reading {
        Health of(ResultSet row) throws SQLException;
    }

    private static Health row(Connection connection, String sql, Reading reading) throws SQLException {
        return row(connection, sql, reading, List.of());
    }

    private static Health row(Connection connection, String sql, Reading reading, List<String> tables, Object... more)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (sql.contains("?")) {
                statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            }
            for (int i = 0; i < more.length; i++) {
                statement.setObject(i + 2, more[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? reading.of(row) : Health.GOOD;
            }
        }
    }
}
