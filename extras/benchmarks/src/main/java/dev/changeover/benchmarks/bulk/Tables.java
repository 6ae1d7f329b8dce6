package dev.changeover.benchmarks.bulk;

import dev.changeover.testkit.PostgresDatabase;
import javax.sql.DataSource;

/**
 * The tables of both sides: the meetings and rooms of a video-conferencing backend, keys in random order, three indexes
 * beside the primary key. Autovacuum leaves them alone, or it would run in some measurements and not in others.
 */
record Tables(PostgresDatabase database, DataSource pool, long rows) {

    static final String LEGACY = "bulk_old.meetings";
    static final String NEW = "bulk_new.rooms";

    /** The mapping as the server says it, over legacy's row {@code r}. */
    static final String MAPPED = """
            SELECT r.id, r.host_id, r.room_code, r.title,
                   CASE r.status WHEN 'active' THEN 'LIVE' WHEN 'closed' THEN 'ENDED' ELSE 'CREATED' END AS status,
                   r.max_participants, r.started_at, r.ended_at,
                   floor(extract(epoch FROM r.ended_at - r.started_at))::bigint AS duration_seconds,
                   r.created_at, r.updated_at
              FROM bulk_old.meetings AS r""";

    /** The limit: one statement that does nothing but copy, in the order of the key. */
    static final String INSERT_SELECT = "INSERT INTO bulk_new.rooms " + MAPPED + " ORDER BY r.id";

    /** One statement that compares everything and can neither be interrupted nor slowed. */
    static final String FULL_JOIN =
            "SELECT count(*) FROM (" + MAPPED + ") AS o FULL JOIN bulk_new.rooms AS n USING (id)"
                    + " WHERE (o.host_id, o.room_code, o.title, o.status, o.max_participants, o.started_at, o.ended_at,"
                    + " o.duration_seconds, o.created_at, o.updated_at) IS DISTINCT FROM (n.owner_id, n.room_code, n.title,"
                    + " n.status, n.max_participants, n.started_at, n.ended_at, n.duration_seconds, n.created_at,"
                    + " n.updated_at)";

    /** Creates both tables and fills legacy. */
    Tables create() {
        database.execute("""
                CREATE SCHEMA bulk_old;
                CREATE SCHEMA bulk_new;
                CREATE TABLE bulk_old.meetings (
                    id uuid PRIMARY KEY, title varchar(200) NOT NULL, room_code varchar(32) NOT NULL,
                    host_id uuid NOT NULL, status varchar(20) NOT NULL, max_participants integer NOT NULL,
                    started_at timestamptz, ended_at timestamptz, created_at timestamptz NOT NULL,
                    updated_at timestamptz NOT NULL) WITH (autovacuum_enabled = off);
                INSERT INTO bulk_old.meetings
                SELECT md5(i::text)::uuid, 'meeting ' || i, 'code-' || i, md5((i %% 10000)::text)::uuid,
                       (ARRAY['waiting', 'active', 'closed'])[1 + i %% 3], 10 + i %% 90,
                       CASE WHEN i %% 3 > 0 THEN timestamptz '2026-01-01 00:00Z' + i * interval '1.7 s' END,
                       CASE WHEN i %% 3 = 2 THEN timestamptz '2026-01-01 00:10Z' + i * interval '1.9 s' END,
                       timestamptz '2025-12-01 00:00Z' + i * interval '1 s', timestamptz '2026-01-01 00:00Z'
                  FROM generate_series(1, %1$d) AS i;
                CREATE UNIQUE INDEX ON bulk_old.meetings (room_code);
                CREATE TABLE bulk_new.rooms (
                    id uuid PRIMARY KEY, owner_id uuid NOT NULL, room_code varchar(32) NOT NULL UNIQUE,
                    title varchar(200) NOT NULL, status varchar(20) NOT NULL, max_participants integer NOT NULL,
                    started_at timestamptz, ended_at timestamptz, duration_seconds bigint,
                    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL)
                    WITH (autovacuum_enabled = off);
                CREATE INDEX ON bulk_new.rooms (owner_id);
                CREATE INDEX ON bulk_new.rooms (created_at, id);
                """.formatted(rows));
        database.execute("VACUUM (FREEZE, ANALYZE) bulk_old.meetings");
        return this;
    }

    /** Empties new, and lets the server write what is due before the next measurement begins. */
    void empty() {
        database.execute("TRUNCATE bulk_new.rooms");
        database.execute("CHECKPOINT");
    }

    /** Fills new, as after a backfill. */
    void fill() {
        empty();
        database.execute(INSERT_SELECT);
        settle();
    }

    /** What a table needs after it was filled. */
    void settle() {
        database.execute("VACUUM (FREEZE, ANALYZE) bulk_new.rooms");
        database.execute("CHECKPOINT");
    }

    /** Fails if a row is missing or differs. */
    void check(String what) {
        long different = database.queryLong(FULL_JOIN);
        long copied = database.queryLong("SELECT count(*) FROM bulk_new.rooms");
        if (different > 0 || copied != rows) {
            throw new IllegalStateException(what + ": " + copied + " rows, " + different + " differ");
        }
    }
}
