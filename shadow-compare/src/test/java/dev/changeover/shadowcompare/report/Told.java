package dev.changeover.shadowcompare.report;

import dev.changeover.core.control.ControlSchema;
import dev.changeover.testkit.PostgresDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/** A control schema that is filled through its own functions; where they know only the present, time is set back. */
final class Told {
    final PostgresDatabase db;
    private final DataSource pool;

    Told(PostgresDatabase db) {
        this.db = db;
        this.pool = db.pool(1);
        db.execute(ControlSchema.ddl());
    }

    /** Runs a statement with bound texts. */
    Told sql(String sql, Object... values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    Told register(String... names) {
        for (String name : names) {
            sql("SELECT changeover.register(?, '{}', false, false, '{}', '{}')", name);
        }
        return this;
    }

    Told move(String name, String stage, String actor, String reason) {
        return sql("SELECT * FROM changeover.move(ARRAY[?], ?, ?, ?)", name, stage, reason, actor);
    }

    Told percent(String name, int percent, String actor, String reason) {
        return sql("SELECT changeover.percent(ARRAY[?], ?, ?, ?)", name, percent, reason, actor);
    }

    /** Ends a backfill, as the job of the library would. */
    Told backfilled(String name, long rows) {
        sql("""
                INSERT INTO changeover.checkpoint (repository, job, epoch, rows, skipped, finished, started_at, updated_at)
                SELECT number, 'BACKFILL', epoch, ?, 12, true, clock_timestamp() - interval '5 days 40 minutes',
                       clock_timestamp() - interval '5 days'
                  FROM changeover.repository WHERE name = ?""", rows, name);
        return sql(
                "SELECT changeover.settle(number, epoch, 'BACKFILLED', 'backfill', 'finished') FROM changeover.repository"
                        + " WHERE name = ?",
                name);
    }

    /** Walks up to a stage: SHADOW, RAMP, NEW_PRIMARY or NEW_ONLY. */
    Told walk(String name, String stage) {
        move(name, "DUAL_WRITE", "alice", "new tables are there").backfilled(name, 1_204_331);
        for (String next : new String[] {"SHADOW", "RAMP", "NEW_PRIMARY", "NEW_ONLY"}) {
            if (!db.queryString("SELECT stage FROM changeover.repository WHERE name = '" + name + "'")
                    .equals(stage)) {
                if (next.equals("NEW_PRIMARY")) {
                    percent(name, 100, "alice", "as fast as legacy");
                }
                move(name, next, "alice", "verified, and no divergence for two days");
            }
        }
        return this;
    }

    /** Puts the last steps of a repository as far apart as this, the newest so long ago. */
    Told stepsApart(String name, Duration apart, Duration newest) {
        db.execute("ALTER TABLE changeover.history DISABLE TRIGGER append_only");
        sql("""
                UPDATE changeover.history h SET at = clock_timestamp() - ?::interval - s.n * ?::interval
                  FROM (SELECT id, row_number() OVER (ORDER BY id DESC) - 1 AS n FROM changeover.history
                         WHERE repository = ?) s WHERE s.id = h.id""", newest.toString(), apart.toString(), name);
        db.execute("ALTER TABLE changeover.history ENABLE ALWAYS TRIGGER append_only");
        return this;
    }

    /** Keeps what was before and after the steps, as if all had been measured when they were taken. */
    Told effects() {
        sql("""
                UPDATE changeover.move_effect e
                   SET at = s.at, since = s.since, before = changeover.measured(e.repository, s.since, s.at)
                  FROM (SELECT h.id, h.at, greatest(h.at - interval '15 minutes', lag(h.at) OVER w) AS since
                          FROM changeover.history h WHERE h.action IN ('MOVE', 'PERCENT')
                        WINDOW w AS (PARTITION BY h.repository ORDER BY h.id)) s WHERE s.id = e.history""");
        return sql("SELECT changeover.measure('[]', '[]')");
    }

    Told instance(String id, String application, int leaseSeconds, String name, int epochsBehind) {
        return sql("""
                SELECT changeover.heartbeat(?, ?, ?, ARRAY[r.number], ARRAY[r.epoch - ?], ARRAY[p.revision])
                  FROM changeover.repository r JOIN changeover.percentage p ON p.repository = r.number
                 WHERE r.name = ?""", id, application, leaseSeconds * 1000, epochsBehind, name);
    }

    Told compared(String name, String operation, String source, int minutesAgo, long... counts) {
        return sql(
                """
                SELECT changeover.add_measurements(ARRAY[(?, ?, ?, date_trunc('minute', clock_timestamp()
                           - make_interval(mins => ?)), ?, ?, ?, ?, ?, ?)::changeover.comparison], '{}')""",
                name,
                operation,
                source,
                minutesAgo,
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                counts[4],
                counts[5]);
    }

    /** Of the calls of a minute so many were writes that the other side followed, each in the same time. */
    Told followed(String name, String operation, String side, int minutesAgo, long writes, double millis) {
        return sql("""
                UPDATE changeover.call SET followed = ?::text::bigint[] WHERE repository = ? AND operation = ? AND side = ?
                   AND at = date_trunc('minute', clock_timestamp() - make_interval(mins => ?))""", buckets(writes, millis), name, operation, side, minutesAgo);
    }

    Told called(String name, String operation, String side, int minutesAgo, long calls, long failures, double millis) {
        return sql(
                """
                SELECT changeover.add_measurements('{}', ARRAY[(?, ?, ?, date_trunc('minute', clock_timestamp()
                           - make_interval(mins => ?)), ?, ?, ?, ?::text::bigint[], '{}')::changeover.call])""",
                name,
                operation,
                side,
                minutesAgo,
                calls,
                failures,
                Math.round(calls * millis * 1e6),
                buckets(calls, millis));
    }

    /** Half of the calls at this latency, and a long tail. */
    static String buckets(long calls, double millis) {
        long[] buckets = new long[88];
        double[] shares = {0.1, 0.2, 0.2, 0.2, 0.15, 0.06, 0.04, 0.02, 0.015, 0.01, 0.005};
        int median = IntStream.range(0, 88)
                .filter(i -> Buckets.lower(i + 1) > millis * 1e6)
                .findFirst()
                .orElse(87);
        for (int i = 0; i < shares.length; i++) {
            buckets[Math.max(0, Math.min(87, median - 2 + i))] += Math.round(calls * shares[i]);
        }
        return LongStream.of(buckets).mapToObj(Long::toString).collect(Collectors.joining(",", "{", "}"));
    }

    Told diverged(String name, String operation, String path, String kind, long count, String samples) {
        return sql("""
                SELECT changeover.record_divergences(jsonb_build_array(jsonb_build_object('repository', ?::text,
                    'operation', ?::text, 'path', ?::text, 'kind', ?::text, 'count', ?::bigint, 'epoch', 3,
                    'first_seen', clock_timestamp() - interval '30 hours',
                    'last_seen', clock_timestamp() - interval '12 minutes', 'samples', ?::text::jsonb)), '[]')""", name, operation, path, kind, count, samples);
    }

    /** Five samples of values that are redacted. */
    static String samples(String path, String authority, String follower) {
        return IntStream.range(0, 5)
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "{\"rank\":%d,\"key\":\"%d\",\"path\":\"%s\",\"authority\":\"%s\",\"follower\":\"%s\"}",
                        i,
                        7 + 9173L * i,
                        path.replace("[]", "[" + i + "]"),
                        authority,
                        follower))
                .collect(Collectors.joining(",", "[", "]"));
    }

    Told reviewed(String path, String state, String owner, String ticket, String expires) {
        return sql("""
                SELECT changeover.review(array_agg(id), NULL, ?, 'legacy cuts milliseconds off', 'bob', ?, ?, ?::timestamptz)
                  FROM changeover.divergence WHERE path = ?""", state, owner, ticket, expires, path);
    }

    Told verified(String name, long keys, String verdict, String counts, String fields, String ago) {
        sql(
                "SELECT changeover.verification_goes_on(changeover.verification_begins(?, 1204000, 'JOIN'), 1, ?, NULL,"
                        + " true, ?, ?::jsonb, ?::jsonb, '{}', 0, '{}', '{}', '{}', '{}')",
                name,
                keys,
                verdict,
                counts,
                fields);
        return sql("""
                UPDATE changeover.verification SET started_at = started_at - ?::interval, updated_at = updated_at - ?::interval
                 WHERE id = (SELECT max(id) FROM changeover.verification)""", ago, ago);
    }

    Told marked(String name, String key, String reason, String ago) {
        return sql("""
                INSERT INTO changeover.mark (repository, key, side, reason, at)
                SELECT number, ?, changeover.authority(stage), ?, clock_timestamp() - ?::interval
                  FROM changeover.repository WHERE name = ?""", key, reason, ago, name);
    }

    Told parked(String name, String key, String error) {
        return sql("""
                INSERT INTO changeover.attempt (repository, key, attempts, next_try_at, parked, last_error)
                SELECT number, ?, 10, clock_timestamp(), true, ? FROM changeover.repository WHERE name = ?""", key, error, name);
    }

    Told foreign(String name, String writer, String application, long rows) {
        return sql("""
                INSERT INTO changeover.foreign_change
                SELECT number, 'LEGACY', 'FOREIGN', ?, ?, ?, clock_timestamp() - interval '2 days',
                       clock_timestamp() - interval '3 hours' FROM changeover.repository WHERE name = ?""", writer, application, rows, name);
    }
}
