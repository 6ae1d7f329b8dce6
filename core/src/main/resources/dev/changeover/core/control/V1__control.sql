-- Changeover control schema, version 1. Every object lives in the schema "changeover" and nowhere else.
-- Applied on request only; docs/dba.md lists the objects, the grants and how to remove it all.

CREATE SCHEMA changeover;

CREATE TABLE changeover.schema_version (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by text NOT NULL DEFAULT session_user
);

-- One row a repository: its stage, and the epoch that every change of stage increments.
CREATE TABLE changeover.repository (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    stage text NOT NULL DEFAULT 'LEGACY_ONLY'
        CHECK (stage IN ('LEGACY_ONLY', 'DUAL_WRITE', 'SHADOW', 'RAMP', 'NEW_PRIMARY', 'NEW_ONLY')),
    epoch bigint NOT NULL DEFAULT 1,
    moved_in xid8 NOT NULL DEFAULT pg_current_xact_id(), -- the transaction of the last move, or of the sentinels' arrival
    backfilled boolean NOT NULL DEFAULT false,           -- absence on new is absence
    stale text CHECK (stale IN ('LEGACY', 'NEW')),       -- a side that has missed writes and needs a reseed
    depends_on text[] NOT NULL DEFAULT '{}',
    atomic boolean NOT NULL DEFAULT false,
    shared boolean NOT NULL DEFAULT false,
    legacy_only text[] NOT NULL DEFAULT '{}',            -- operations that new does not have yet
    bulk text[] NOT NULL DEFAULT '{}',                   -- operations whose keys only sentinels tell
    writes text[] NOT NULL DEFAULT '{}',                 -- writes that new has, which can be rehearsed
    sentinels text[] NOT NULL DEFAULT '{}',              -- the sides that sentinels watch
    watched_tables text[] NOT NULL DEFAULT '{}',         -- the tables of both sides that have them
    strangers text NOT NULL DEFAULT 'REFUSE' CHECK (strangers IN ('REFUSE', 'MARK')), -- who write the follower
    legacy_tables text[] NOT NULL DEFAULT '{}',          -- the tables of legacy alone, as they are named now
    retired text CHECK (retired IN ('VIEW', 'RENAMED', 'DROPPED')), -- what became of them; VIEW: renamed, a view stands in
    retired_at timestamptz,
    UNIQUE (number, epoch)                               -- makes the epoch a part of the key, see changeover.enter
);

-- Apart from the stage, so that a change of percentage fails no REPEATABLE READ writer.
CREATE TABLE changeover.percentage (
    repository integer PRIMARY KEY REFERENCES changeover.repository,
    percent integer NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
    revision bigint NOT NULL DEFAULT 1,
    allow text[] NOT NULL DEFAULT '{}', -- routing keys that new serves at any percentage of RAMP
    deny text[] NOT NULL DEFAULT '{}'   -- routing keys that legacy serves at any percentage of RAMP
);

CREATE TABLE changeover.history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    repository text NOT NULL,
    action text NOT NULL,
    before text,
    after text,
    epoch bigint,
    actor text NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    evidence jsonb,
    db_user text NOT NULL DEFAULT session_user
);

-- Live instances and what each has seen. An instance whose lease ran out asks before its next read.
CREATE TABLE changeover.instance (
    id text PRIMARY KEY,
    application text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz NOT NULL
);

CREATE TABLE changeover.acknowledgement (
    instance text NOT NULL REFERENCES changeover.instance ON DELETE CASCADE,
    repository integer NOT NULL REFERENCES changeover.repository,
    epoch bigint NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (instance, repository)
);

-- "The follower may not have this key's present state." Rows are only inserted and deleted, never updated and never
-- merged by key: a write that comes while its key is being copied must leave a mark of its own.
CREATE TABLE changeover.mark (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository integer NOT NULL,
    key text NOT NULL,
    side text NOT NULL CHECK (side IN ('LEGACY', 'NEW')), -- the side that was right
    reason text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    unit xid8 NOT NULL DEFAULT pg_current_xact_id(),
    writer text,      -- who wrote round the library, seen by a sentinel: the user of the session
    application text  -- and its application_name
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX mark_key ON changeover.mark (repository, key);

-- Changes round the library whose marks have been cleared: rows are only added, and folded together now and then, so
-- that two who write round the library never wait for each other.
CREATE TABLE changeover.foreign_change (
    repository integer NOT NULL,
    side text NOT NULL,
    reason text NOT NULL,
    writer text NOT NULL,
    application text NOT NULL,
    changes bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);

-- Keys whose copy failed: when to try again, and why it failed. Parked keys still count as marked.
CREATE TABLE changeover.attempt (
    repository integer NOT NULL,
    key text NOT NULL,
    attempts integer NOT NULL,
    next_try_at timestamptz NOT NULL,
    parked boolean NOT NULL DEFAULT false,
    last_error text NOT NULL,
    PRIMARY KEY (repository, key)
);

-- A backfill or a reseed: the sums of those ranges of keys that are done.
CREATE TABLE changeover.checkpoint (
    repository integer NOT NULL REFERENCES changeover.repository,
    job text NOT NULL CHECK (job IN ('BACKFILL', 'RESEED')),
    epoch bigint NOT NULL,
    rows bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    parked bigint NOT NULL DEFAULT 0,
    finished boolean NOT NULL DEFAULT false,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (repository, job)
);

-- What it has still to do, cut into ranges of keys, each leased to one worker of any instance. The last range has no end,
-- so that together they cover every key. Who takes a range counts its attempts up, which tells it from those who had it.
CREATE TABLE changeover.key_range (
    repository integer NOT NULL,
    job text NOT NULL,
    number integer NOT NULL,
    after_key text, -- begins behind this key, or at the first
    to_key text,    -- ends with this key, or has no end yet
    last_key text,  -- done up to here
    rows bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    parked bigint NOT NULL DEFAULT 0,
    holder text,
    lease_until timestamptz,
    attempt integer NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (repository, job, number),
    FOREIGN KEY (repository, job) REFERENCES changeover.checkpoint ON DELETE CASCADE
);

-- How fast the copies of a repository may be, whoever runs them.
CREATE TABLE changeover.copy_pace (
    repository integer PRIMARY KEY REFERENCES changeover.repository,
    paused boolean NOT NULL DEFAULT false,
    rows_per_second double precision CHECK (rows_per_second > 0), -- null for no limit
    actor text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What PostgreSQL's statistics said of the legacy tables at a time: the proof that nobody has used them since. A row for all
-- of them together. "counted" is what the statistics said of the rows of this table: where it does not grow from row to
-- row they were lost or reset in between.
CREATE TABLE changeover.legacy_use (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    counted bigint NOT NULL,
    reset_at timestamptz,        -- when the statistics of the database were reset
    tables jsonb NOT NULL        -- for each by its oid: reads, writes
);

-- Confirmed differences, one row for each repository, operation, path and kind, and what people decided about them.
-- Written by functions only, so that nobody can decide without leaving a row of history.
CREATE TABLE changeover.divergence (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository text NOT NULL,
    operation text NOT NULL,
    path text NOT NULL,
    kind text NOT NULL,
    count bigint NOT NULL,
    epoch bigint NOT NULL,                -- in which the last was confirmed
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    samples jsonb NOT NULL DEFAULT '[]',  -- see changeover.merge_samples
    state text NOT NULL DEFAULT 'NEW' CHECK (state IN ('NEW', 'EXPLAINED', 'TO_BE_FIXED', 'FIXED', 'REGRESSION')),
    owner text,
    ticket text,
    expires timestamptz,                  -- from then on what is explained counts as unreviewed again
    reviewed_at timestamptz,
    revision bigint NOT NULL DEFAULT 0,   -- of state, owner, ticket and expiry; two reviewers are told apart by it
    UNIQUE (repository, operation, path, kind),
    CHECK (state <> 'EXPLAINED' OR (owner IS NOT NULL AND expires IS NOT NULL))
);

-- Differences that were confirmed but not kept apart, because there were too many groups: they count as unconfirmed.
CREATE TABLE changeover.divergence_shed (
    repository text PRIMARY KEY,
    count bigint NOT NULL,
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL
);

CREATE TABLE changeover.divergence_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    divergence bigint NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    owner text,
    ticket text,
    expires timestamptz,
    count bigint NOT NULL,                -- how often it had been seen by then
    db_user text NOT NULL DEFAULT session_user
);

CREATE INDEX divergence_history_of ON changeover.divergence_history (divergence, id);

-- What instances counted of what they compared, for all of them together: a row for each minute in which there was any, after
-- two days a row for each hour, after 90 days none.
CREATE TABLE changeover.comparison (
    repository text NOT NULL,
    operation text NOT NULL,
    source text NOT NULL CHECK (source IN ('READ', 'REHEARSAL', 'WRITE_CHECK')),
    at timestamptz NOT NULL,
    matched bigint NOT NULL,
    accepted bigint NOT NULL,    -- differ only where somebody accepts it
    marked bigint NOT NULL,      -- may differ for now: marked, or not yet backfilled
    diverged bigint NOT NULL,    -- confirmed
    failed bigint NOT NULL,      -- could not be repeated or compared
    unconfirmed bigint NOT NULL, -- dropped, shed, unstable, undecided
    PRIMARY KEY (repository, at, operation, source)
);

-- The same of the calls that each side served. Buckets of latency: four to a doubling, the first below 2^14 ns.
CREATE TABLE changeover.call (
    repository text NOT NULL,
    operation text NOT NULL,
    side text NOT NULL CHECK (side IN ('LEGACY', 'NEW')),
    at timestamptz NOT NULL,
    calls bigint NOT NULL,
    failures bigint NOT NULL,
    nanos numeric NOT NULL,
    buckets bigint[] NOT NULL,
    followed bigint[] NOT NULL DEFAULT '{}', -- of writes that this side led: how long callers waited for the other side's part
    PRIMARY KEY (repository, at, operation, side)
);

-- What was served and compared before and after each change of a stage or a percentage, a row for its row of history. Kept
-- when the minutes that it was taken from are hours, or gone.
CREATE TABLE changeover.move_effect (
    history bigint PRIMARY KEY,
    repository text NOT NULL,
    at timestamptz NOT NULL,    -- when it was changed; its own minute belongs to neither side of it
    since timestamptz NOT NULL, -- 15 minutes before, or the change before it
    before jsonb NOT NULL,      -- LEGACY, NEW: calls, failures, p50, p95, p99 in ms; COMPARED: counts; {} if nothing was measured
    until timestamptz,          -- 15 minutes after, or the change after it
    after jsonb,                -- the same, once that time has passed
    CHECK ((until IS NULL) = (after IS NULL))
);

CREATE INDEX move_effect_of ON changeover.move_effect (repository, at);
CREATE INDEX move_effect_open ON changeover.move_effect (at) WHERE after IS NULL;

-- Every verification: what it looks at, how far it is, and what it found. Without a verdict it runs, or died; then another
-- instance may take it up at its position.
CREATE TABLE changeover.verification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository text NOT NULL,
    epoch bigint NOT NULL,
    request bigint,                      -- on whose behalf, if somebody asked for it
    attempt integer NOT NULL DEFAULT 1,  -- how often it was taken up; only the last may write here
    mode text NOT NULL DEFAULT 'JAVA',
    from_key text,                       -- the scope: a range of keys,
    to_key text,
    percent double precision,            -- a sample,
    named text[],                        -- these keys,
    of_run bigint,                       -- those that an earlier verification found,
    changed_since bigint,                -- or those that were written since this one began; without any of it everything
    whole boolean GENERATED ALWAYS AS (from_key IS NULL AND to_key IS NULL AND percent IS NULL AND named IS NULL
        AND of_run IS NULL AND changed_since IS NULL) STORED,
    rate bigint,                         -- keys a second at most; may be changed while it runs
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    began_in xid8 DEFAULT pg_snapshot_xmin(pg_current_snapshot()), -- it sees all that older transactions have written
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    keys bigint NOT NULL DEFAULT 0,      -- looked at so far
    estimated bigint NOT NULL DEFAULT 0, -- of about so many
    position text,                       -- the last key of the last finished range
    walked boolean NOT NULL DEFAULT false, -- whether all ranges are finished
    verdict text CHECK (verdict IN ('MATCH', 'DIVERGED', 'INCOMPLETE', 'ERROR')),
    telling boolean GENERATED ALWAYS AS  -- whether it says how the sides are: few keys say it only if they differ
        (verdict IS NOT NULL AND (verdict = 'DIVERGED' OR (from_key IS NULL AND to_key IS NULL AND percent IS NULL
            AND named IS NULL AND of_run IS NULL AND changed_since IS NULL))) STORED,
    counts jsonb NOT NULL DEFAULT '{}',  -- legacy, next, equal, different, missing, extra, unmappable, marked, accepted
    fields jsonb NOT NULL DEFAULT '{}',  -- in how many keys each path differs
    forgiven jsonb NOT NULL DEFAULT '{}', -- in how many keys each rule made something equal
    surplus bigint NOT NULL DEFAULT 0    -- differing keys that were too many to be kept
);

CREATE INDEX verification_of ON changeover.verification (repository, id);

-- The keys that a verification found to differ, and those that were marked and wait for another look.
CREATE TABLE changeover.verification_key (
    verification bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    marked boolean NOT NULL,
    paths text[] NOT NULL,               -- where it differs, without the positions and keys of elements
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (verification, key)
);

-- What somebody who has no mapping, such as the command line, wants an instance of the application to do. Who may insert
-- here may ask for it; nothing else is needed.
CREATE TABLE changeover.request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository text NOT NULL,
    verb text NOT NULL CHECK (verb ~ '^[a-z][a-z_]{0,30}$'),
    arguments jsonb NOT NULL DEFAULT '{}'
        CHECK (jsonb_typeof(arguments) = 'object' AND pg_column_size(arguments) < 100000),
    actor text NOT NULL DEFAULT session_user,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    db_user text NOT NULL DEFAULT session_user,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '1 minute', -- nobody takes it after this
    state text NOT NULL DEFAULT 'WAITING'
        CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'NOT_MET', 'REFUSED', 'FAILED', 'CANCELLED', 'EXPIRED')),
    instance text,                       -- who took it
    attempts integer NOT NULL DEFAULT 0, -- counts who took it; only the last of them may say anything about it
    cancel boolean NOT NULL DEFAULT false, -- somebody wants it to stop; it does between two steps
    taken_at timestamptz,
    updated_at timestamptz,              -- a running one that nobody has touched for long is taken again
    progress jsonb,                      -- done, of, what
    result jsonb,
    error text,                          -- what is wrong, and the remedy
    ended_at timestamptz
);

CREATE INDEX request_open ON changeover.request (id) WHERE state IN ('WAITING', 'RUNNING');

CREATE FUNCTION changeover.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'changeover.% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON changeover.history
    FOR EACH STATEMENT EXECUTE FUNCTION changeover.refuse_change();
ALTER TABLE changeover.history ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON changeover.divergence_history
    FOR EACH STATEMENT EXECUTE FUNCTION changeover.refuse_change();
ALTER TABLE changeover.divergence_history ENABLE ALWAYS TRIGGER append_only;

-- Advisory locks: class 1128813414 fences (one a repository), 1128813415 keys, 1128813416 one move at a time, 1128813418
-- freezes (one a repository).
CREATE FUNCTION changeover.key_lock(p_repository integer, p_key text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.hashtext(p_repository::text || ':' || p_key) $$;

-- The signed interval of a routed write is a local setting for each side of each repository, which names the keys that
-- the write declared. Numbers stand for repositories, so that the setting is a valid name and a cascade into another
-- repository's table is not taken for declared. Keys are set apart by a character that keys do not have; a list that has
-- it, or is long, declares nothing: what changes is then collected or marked. A setting that was local once is '' on its
-- connection from then on, not null.
CREATE FUNCTION changeover.sign_of(p_repository integer, p_side text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'changeover.' || lower(p_side) || '_' || p_repository $$;

CREATE FUNCTION changeover.sign(p_keys text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(p_keys) = 0 OR cardinality(p_keys) > 500
                  OR strpos(array_to_string(p_keys, ''), E'\x1f') > 0 THEN E'\x1f'
                ELSE E'\x1f' || array_to_string(p_keys, E'\x1f') || E'\x1f' END
$$;

-- Takes those of the key locks that are free; false if one is not. For a rehearsal, before the authority's method: what
-- another writer of the key does from then on is copied after this one, or marked.
CREATE FUNCTION changeover.try_key_locks(p_repository integer, p_keys text[]) RETURNS boolean
    LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(bool_and(pg_try_advisory_xact_lock(1128813415, sorted.h)), true)
      FROM (SELECT DISTINCT changeover.key_lock(p_repository, k) h FROM unnest(p_keys) k ORDER BY h OFFSET 0) sorted
$$;

-- How many signed intervals are open, of whatever repository.
CREATE FUNCTION changeover.nest(p_by integer) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('changeover.routed',
        (coalesce(nullif(current_setting('changeover.routed', true), ''), '0')::integer + p_by)::text, true);
END $$;

-- The fence. The lock is one statement and the stage is read by the next, with a snapshot of its own: read in the same
-- statement, a writer that waited for a move would go on under the stage that was left. A snapshot that is older than
-- the epoch cannot be renewed, so there the row is locked, which fails with 40001 if its key has changed since. The epoch
-- is a part of its key and nothing else is that changes: the end of a backfill fails no writer and waits for none.
-- Where sentinels watch the side that leads it opens the signed interval, and returns the one around it; a read, which
-- names no list of keys, opens none.
CREATE FUNCTION changeover.enter(p_repository integer, p_keys text[])
    RETURNS TABLE (stage text, epoch bigint, backend integer, isolation text, backfilled boolean, stale boolean, sign text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_sentinels text[];
    v_sign text;
BEGIN
    -- Before the fence, so that who waits here is not in the way of what is done meanwhile.
    IF current_setting('transaction_read_only') = 'off' THEN
        PERFORM pg_advisory_xact_lock_shared(1128813418, p_repository);
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1128813414, p_repository);
    isolation := current_setting('transaction_isolation');
    IF isolation IN ('read committed', 'read uncommitted') OR current_setting('transaction_read_only') = 'on' THEN
        SELECT r.stage, r.epoch, r.backfilled, r.stale IS NOT NULL, r.sentinels
          INTO enter.stage, enter.epoch, enter.backfilled, enter.stale, v_sentinels
            FROM changeover.repository r WHERE r.number = p_repository;
    ELSE
        SELECT r.stage, r.epoch, r.backfilled, r.stale IS NOT NULL, r.sentinels
          INTO enter.stage, enter.epoch, enter.backfilled, enter.stale, v_sentinels
            FROM changeover.repository r WHERE r.number = p_repository FOR KEY SHARE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'repository number % is not registered', p_repository USING ERRCODE = 'CO001';
    END IF;
    backend := pg_backend_pid();
    IF p_keys IS NOT NULL AND changeover.follower(stage) IS NOT NULL AND changeover.authority(stage) = ANY (v_sentinels) THEN
        v_sign := changeover.sign_of(p_repository, changeover.authority(stage));
        sign := coalesce(current_setting(v_sign, true), '');
        PERFORM set_config(v_sign, changeover.sign(p_keys), true), changeover.nest(1);
    END IF;
    RETURN NEXT;
END $$;

CREATE FUNCTION changeover.authority(p_stage text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_stage IN ('NEW_PRIMARY', 'NEW_ONLY') THEN 'NEW' ELSE 'LEGACY' END
$$;

-- The side that is written beside the authority, or null.
CREATE FUNCTION changeover.follower(p_stage text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_stage IN ('DUAL_WRITE', 'SHADOW', 'RAMP') THEN 'NEW' WHEN p_stage = 'NEW_PRIMARY' THEN 'LEGACY' END
$$;

-- What decides by counting must count what is committed now: under an older snapshot it would not see the last marks.
CREATE FUNCTION changeover.require_read_committed() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'this needs READ COMMITTED, the transaction is %', upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'CO020', HINT = 'Begin a transaction of its own: BEGIN ISOLATION LEVEL READ COMMITTED.';
    END IF;
END $$;

-- A copy enters only while its follower is still the follower, at the epoch at which the copy began.
CREATE FUNCTION changeover.enter_copy(p_repository integer, p_follower text, p_epoch bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_stage text;
    v_epoch bigint;
    v_follower text;
BEGIN
    PERFORM changeover.require_read_committed();
    PERFORM pg_advisory_xact_lock_shared(1128813414, p_repository);
    SELECT r.stage, r.epoch INTO v_stage, v_epoch FROM changeover.repository r WHERE r.number = p_repository;
    v_follower := changeover.follower(v_stage);
    IF v_epoch IS DISTINCT FROM p_epoch OR v_follower IS DISTINCT FROM p_follower THEN
        RAISE EXCEPTION 'the copy began at epoch %, the repository is at % (%)', p_epoch, v_epoch, v_stage
            USING ERRCODE = 'CO002';
    END IF;
END $$;

-- Says of the rest of this transaction that it copies these keys onto this side: their sentinels let them pass. What a
-- copy sets off beyond them is marked.
CREATE FUNCTION changeover.sign_copy(p_repository integer, p_follower text, p_keys text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_sign text := changeover.sign_of(p_repository, p_follower);
    v_copying text := coalesce(current_setting('changeover.copying', true), '');
BEGIN
    PERFORM set_config(v_sign, changeover.sign(p_keys), true);
    IF NOT v_sign = ANY (string_to_array(v_copying, ',')) THEN
        PERFORM set_config('changeover.copying', concat_ws(',', nullif(v_copying, ''), v_sign), true);
    END IF;
END $$;

CREATE FUNCTION changeover.unsign_copies() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_sign text;
BEGIN
    FOREACH v_sign IN ARRAY string_to_array(coalesce(current_setting('changeover.copying', true), ''), ',') LOOP
        PERFORM set_config(v_sign, '', true);
    END LOOP;
    PERFORM set_config('changeover.copying', '', true);
END $$;

CREATE FUNCTION changeover.mark(p_repository integer, p_keys text[], p_side text, p_reason text) RETURNS void
    LANGUAGE sql VOLATILE AS $$
    INSERT INTO changeover.mark (repository, key, side, reason)
        SELECT p_repository, k, p_side, p_reason FROM unnest(p_keys) k
$$;

-- Marks go by their ids only, never by key. Who wrote round the library is remembered.
CREATE FUNCTION changeover.clear_marks(p_marks bigint[]) RETURNS void LANGUAGE sql VOLATILE AS $$
    WITH cleared AS (
        DELETE FROM changeover.mark m WHERE m.id = ANY (p_marks)
        RETURNING m.repository, m.key, m.side, m.reason, m.at, m.writer, m.application
    ), remembered AS (
        INSERT INTO changeover.foreign_change (repository, side, reason, writer, application, changes, first_at, last_at)
            SELECT c.repository, c.side, c.reason, c.writer, c.application, count(*), min(c.at), max(c.at)
              FROM cleared c WHERE c.writer IS NOT NULL
             GROUP BY c.repository, c.side, c.reason, c.writer, c.application
    )
    -- A key that was parked has been copied: its next mark must be tried again like any other.
    DELETE FROM changeover.attempt a USING cleared c WHERE a.repository = c.repository AND a.key = c.key
$$;

-- Keys that sentinels have collected since the signed interval was opened, and that it did not declare. Returns them once.
CREATE FUNCTION changeover.take_collected(p_repository integer) RETURNS text[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_collected text := current_setting('changeover.collected_' || p_repository, true);
BEGIN
    IF coalesce(v_collected, '') = '' THEN
        RETURN '{}';
    END IF;
    PERFORM set_config('changeover.collected_' || p_repository, '', true);
    RETURN ARRAY(SELECT DISTINCT k FROM unnest(string_to_array(substr(v_collected, 2), E'\x1f')) k);
END $$;

-- Puts the signed interval around this one back, if there is any.
CREATE FUNCTION changeover.unsign(p_repository integer, p_side text, p_sign text) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config(changeover.sign_of(p_repository, p_side), p_sign, true),
            changeover.nest(-1);
END $$;

-- Ends the signed interval of a routed write that is not copied: what it declared and what was collected is marked.
CREATE FUNCTION changeover.leave(p_repository integer, p_keys text[], p_side text, p_reason text, p_sign text)
    RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM changeover.mark(p_repository, p_keys, p_side, p_reason),
            changeover.mark(p_repository,
                ARRAY(SELECT unnest(changeover.take_collected(p_repository)) EXCEPT SELECT unnest(p_keys)), p_side, p_reason),
            changeover.unsign(p_repository, p_side, p_sign);
END $$;

-- Opens the follower's part of a routed write: sets its time limits, takes the key locks without ever waiting in a lock
-- queue (so that no deadlock can run through a key lock), and returns the marks that this copy will make superfluous, and
-- the keys that sentinels have collected besides.
CREATE FUNCTION changeover.open_follower(
        p_repository integer, p_right text, p_keys text[], p_wait_ms integer, p_lock_ms integer, p_statement_ms integer)
    RETURNS TABLE (locked boolean, marks bigint[], foreign_marks boolean, collected text[])
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_until timestamptz := clock_timestamp() + make_interval(secs => p_wait_ms / 1000.0);
    v_keys text[] := p_keys;
    v_hash integer;
    v_hashes integer[];
    v_taken integer := coalesce(nullif(current_setting('changeover.key_locks', true), ''), '0')::integer;
BEGIN
    PERFORM set_config('changeover.caller_limits', concat_ws(',', current_setting('lock_timeout'),
                current_setting('statement_timeout'), current_setting('row_security')), true),
            set_config('lock_timeout', p_lock_ms || 'ms', true),
            set_config('statement_timeout', p_statement_ms || 'ms', true),
            set_config('row_security', 'off', true);
    collected := changeover.take_collected(p_repository);
    IF cardinality(collected) > 0 THEN
        collected := ARRAY(SELECT unnest(collected) EXCEPT SELECT unnest(p_keys));
        v_keys := p_keys || collected;
    END IF;
    -- What the copy sets off on the side that leads is nobody's declared change: it is marked, not collected.
    IF coalesce(current_setting(changeover.sign_of(p_repository, p_right), true), '') <> '' THEN
        PERFORM set_config(changeover.sign_of(p_repository, p_right), '', true);
    END IF;
    v_hashes := ARRAY(SELECT DISTINCT changeover.key_lock(p_repository, k) h FROM unnest(v_keys) k ORDER BY h);
    IF v_taken + cardinality(v_hashes) > 500 THEN -- the lock table is of fixed size
        locked := false;
        RETURN NEXT;
        RETURN;
    END IF;
    PERFORM set_config('changeover.key_locks', (v_taken + cardinality(v_hashes))::text, true);
    FOREACH v_hash IN ARRAY v_hashes LOOP
        WHILE NOT pg_try_advisory_xact_lock(1128813415, v_hash) LOOP
            IF clock_timestamp() > v_until THEN
                locked := false;
                RETURN NEXT;
                RETURN;
            END IF;
            PERFORM pg_sleep(0.001);
        END LOOP;
    END LOOP;
    locked := true;
    PERFORM changeover.sign_copy(p_repository, CASE p_right WHEN 'LEGACY' THEN 'NEW' ELSE 'LEGACY' END, v_keys);
    SELECT array_agg(m.id), bool_or(m.unit <> pg_current_xact_id()) INTO marks, foreign_marks
        FROM changeover.mark m WHERE m.repository = p_repository AND m.key = ANY (v_keys);
    RETURN NEXT;
END $$;

-- Ends the follower's part and, where sentinels watch, the signed interval; p_sign is the one around it.
CREATE FUNCTION changeover.close_follower(p_repository integer, p_right text, p_sign text, p_marks bigint[])
    RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_limits text[] := string_to_array(current_setting('changeover.caller_limits'), ',');
BEGIN
    IF cardinality(p_marks) > 0 THEN
        PERFORM changeover.clear_marks(p_marks);
    END IF;
    PERFORM changeover.unsign_copies();
    IF p_sign IS NOT NULL THEN
        PERFORM changeover.unsign(p_repository, p_right, p_sign);
    END IF;
    PERFORM set_config('lock_timeout', v_limits[1], true),
            set_config('statement_timeout', v_limits[2], true),
            set_config('row_security', v_limits[3], true);
END $$;

-- The same for a follower's part that is sent as one message: what was seen under the lock is kept in local settings.
-- Keys that were collected are not in the message, so it fails and the follower's part begins again, one step after the
-- other.
CREATE FUNCTION changeover.open_folded(
        p_repository integer, p_right text, p_keys text[], p_wait_ms integer, p_lock_ms integer, p_statement_ms integer)
    RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_opened record;
BEGIN
    SELECT * INTO v_opened
      FROM changeover.open_follower(p_repository, p_right, p_keys, p_wait_ms, p_lock_ms, p_statement_ms);
    IF NOT v_opened.locked THEN
        RAISE EXCEPTION 'the key locks were not to be had in % ms', p_wait_ms USING ERRCODE = 'lock_not_available';
    ELSIF cardinality(v_opened.collected) > 0 THEN
        RAISE EXCEPTION 'sentinels have collected keys' USING ERRCODE = 'CO031';
    END IF;
    PERFORM set_config('changeover.seen_marks', coalesce(v_opened.marks::text, '{}'), true);
END $$;

CREATE FUNCTION changeover.close_folded(p_repository integer, p_right text, p_sign text) RETURNS void
    LANGUAGE sql VOLATILE AS $$
    SELECT changeover.close_follower(p_repository, p_right, p_sign, current_setting('changeover.seen_marks')::bigint[])
$$;

-- Before a child whose parent the follower lacks is copied once more: enters the fence of the parents, as any copy does,
-- locks those of the named keys that are marked, and returns the marks that the copy will make superfluous; none where
-- their follower is another side by now. Like the key locks the fence is only tried, so that no wait can close a cycle.
CREATE FUNCTION changeover.open_parents(p_repository integer, p_keys text[], p_follower text, p_wait_ms integer)
    RETURNS TABLE (key text, marks bigint[])
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_until timestamptz := clock_timestamp() + make_interval(secs => p_wait_ms / 1000.0);
    v_marked text[] := ARRAY(SELECT DISTINCT m.key FROM changeover.mark m
                              WHERE m.repository = p_repository AND m.key = ANY (p_keys));
    v_lock record;
BEGIN
    IF cardinality(v_marked) = 0 THEN
        RETURN;
    END IF;
    FOR v_lock IN SELECT true AS fence, p_repository AS number
                  UNION SELECT false, changeover.key_lock(p_repository, k) FROM unnest(v_marked) k
                  ORDER BY fence DESC, number LOOP
        WHILE NOT CASE WHEN v_lock.fence THEN pg_try_advisory_xact_lock_shared(1128813414, v_lock.number)
                       ELSE pg_try_advisory_xact_lock(1128813415, v_lock.number) END LOOP
            IF clock_timestamp() > v_until THEN
                RAISE EXCEPTION 'the locks of the parents were not to be had in % ms', p_wait_ms
                    USING ERRCODE = 'lock_not_available';
            END IF;
            PERFORM pg_sleep(0.001);
        END LOOP;
    END LOOP;
    PERFORM changeover.sign_copy(p_repository, p_follower, v_marked);
    RETURN QUERY
        SELECT k, ARRAY(SELECT m.id FROM changeover.mark m WHERE m.repository = p_repository AND m.key = k)
          FROM unnest(v_marked) k JOIN changeover.repository r ON r.number = p_repository AND NOT r.shared
         WHERE p_follower = changeover.follower(r.stage);
END $$;

-- A repository and all that it depends on, however far: what its queries may join on one side.
CREATE FUNCTION changeover.lineage(p_repository integer) RETURNS SETOF integer
    LANGUAGE sql STABLE AS $$
    WITH RECURSIVE joined AS (
        SELECT r.number, r.depends_on FROM changeover.repository r WHERE r.number = p_repository
        UNION
        SELECT q.number, q.depends_on FROM joined j JOIN changeover.repository q ON q.name = ANY (j.depends_on))
    SELECT j.number FROM joined j
$$;

-- What a read of one key asks, outside a writing transaction, before a follower serves it: stage, percentage and mark at
-- one instant. Two functions and not one, so that the server keeps a plan for each: a plan that depended on whether there
-- is a key would be made anew at every call.
CREATE FUNCTION changeover.ask(p_repository integer, p_key text)
    RETURNS TABLE (stage text, epoch bigint, percent integer, right_side text)
    LANGUAGE sql STABLE AS $$
    SELECT r.stage, r.epoch, p.percent,
           (SELECT m.side FROM changeover.mark m WHERE m.repository = p_repository AND m.key = p_key LIMIT 1)
      FROM changeover.repository r JOIN changeover.percentage p ON p.repository = r.number
     WHERE r.number = p_repository
$$;

-- What a lookup or query asks. It may find any entity, and join the parents of what it finds: a mark of a parent counts,
-- too, if it says that new lacks something (only new ever serves as a follower).
CREATE FUNCTION changeover.ask_any(p_repository integer)
    RETURNS TABLE (stage text, epoch bigint, percent integer, right_side text)
    LANGUAGE sql STABLE AS $$
    SELECT r.stage, r.epoch, p.percent,
           (SELECT seen.side
              FROM changeover.lineage(p_repository) n,
                   LATERAL (SELECT m.side FROM changeover.mark m
                             WHERE m.repository = n AND (n = p_repository OR m.side = 'LEGACY') LIMIT 1) seen
             LIMIT 1)
      FROM changeover.repository r JOIN changeover.percentage p ON p.repository = r.number
     WHERE r.number = p_repository
$$;

CREATE FUNCTION changeover.register(
        p_name text, p_depends_on text[], p_atomic boolean, p_shared boolean, p_legacy_only text[], p_bulk text[],
        p_writes text[] DEFAULT '{}', p_legacy_tables text[] DEFAULT '{}')
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_number integer;
BEGIN
    INSERT INTO changeover.repository (name, depends_on, atomic, shared, legacy_only, bulk, writes)
        VALUES (p_name, p_depends_on, p_atomic, p_shared, p_legacy_only, p_bulk, p_writes)
        ON CONFLICT (name) DO NOTHING;
    SELECT r.number INTO v_number FROM changeover.repository r WHERE r.name = p_name;
    IF EXISTS (SELECT 1 FROM changeover.repository r WHERE r.number = v_number AND r.shared <> p_shared
                  AND r.stage NOT IN ('LEGACY_ONLY', 'NEW_ONLY')) THEN
        RAISE EXCEPTION '%: whether tables are shared cannot change while both sides are in use', p_name
            USING ERRCODE = 'CO021', HINT = 'All builds that run at a time must say the same.';
    END IF;
    IF p_shared AND EXISTS (SELECT 1 FROM changeover.repository r WHERE r.number = v_number AND r.sentinels <> '{}') THEN
        RAISE EXCEPTION '%: it has sentinels, and both sides are to use the same tables', p_name
            USING ERRCODE = 'CO021', HINT = 'Remove the sentinels first.';
    END IF;
    IF cardinality(p_bulk) > 0 AND EXISTS (SELECT 1 FROM changeover.repository r WHERE r.number = v_number
            AND changeover.follower(r.stage) IS NOT NULL AND NOT changeover.authority(r.stage) = ANY (r.sentinels)) THEN
        RAISE EXCEPTION '%: only sentinels can tell the keys of %', p_name, array_to_string(p_bulk, ', ')
            USING ERRCODE = 'CO022', HINT = 'Install the sentinels of the repository, or name the keys of these methods.';
    END IF;
    -- Only what changed is written: an UPDATE of an equal row would fail REPEATABLE READ writers for nothing.
    UPDATE changeover.repository r
       SET depends_on = p_depends_on, atomic = p_atomic, shared = p_shared, legacy_only = p_legacy_only, bulk = p_bulk,
           writes = p_writes
     WHERE r.number = v_number
       AND (r.depends_on, r.atomic, r.shared, r.legacy_only, r.bulk, r.writes)
           IS DISTINCT FROM (p_depends_on, p_atomic, p_shared, p_legacy_only, p_bulk, p_writes);
    -- Where one of these names is no table any more it was renamed or dropped, and what is recorded is right.
    IF NOT EXISTS (SELECT FROM unnest(p_legacy_tables) n LEFT JOIN pg_class c ON c.oid = to_regclass(n)
                    WHERE coalesce(c.relkind NOT IN ('r', 'p'), true)) THEN
        UPDATE changeover.repository r SET legacy_tables = p_legacy_tables
         WHERE r.number = v_number AND r.retired IS NULL AND r.legacy_tables <> p_legacy_tables;
    END IF;
    INSERT INTO changeover.percentage (repository) VALUES (v_number) ON CONFLICT (repository) DO NOTHING;
    RETURN v_number;
END $$;

-- The lease counts from the arrival here, while the instance counts from before it sent: it always gives up first.
CREATE FUNCTION changeover.heartbeat(
        p_instance text, p_application text, p_lease_ms integer,
        p_repositories integer[], p_epochs bigint[], p_revisions bigint[])
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO changeover.instance (id, application, lease_until)
        VALUES (p_instance, p_application, clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0))
        ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until;
    INSERT INTO changeover.acknowledgement (instance, repository, epoch, revision)
        SELECT p_instance, a.repository, a.epoch, a.revision
          FROM unnest(p_repositories, p_epochs, p_revisions) AS a (repository, epoch, revision)
        ON CONFLICT (instance, repository) DO UPDATE SET epoch = excluded.epoch, revision = excluded.revision
        WHERE (acknowledgement.epoch, acknowledgement.revision) IS DISTINCT FROM (excluded.epoch, excluded.revision);
    IF random() < 0.002 THEN
        PERFORM changeover.look_at_legacy(interval '1 hour');
    END IF;
END $$;

-- Writes down what the statistics say of the legacy tables of repositories that have left them, unless somebody has within
-- this time. One at a time, so that one row's insertion is counted before the next is written.
CREATE FUNCTION changeover.look_at_legacy(p_spacing interval) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_tables jsonb;
BEGIN
    IF EXISTS (SELECT FROM changeover.legacy_use u WHERE u.at > clock_timestamp() - p_spacing)
            OR NOT pg_try_advisory_xact_lock(1128813416, 4) THEN
        RETURN false;
    END IF;
    v_tables := changeover.legacy_statistics();
    IF v_tables IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO changeover.legacy_use (counted, reset_at, tables)
        SELECT coalesce((SELECT s.n_tup_ins FROM pg_stat_all_tables s WHERE s.relid = 'changeover.legacy_use'::regclass), 0),
               (SELECT d.stats_reset FROM pg_stat_database d WHERE d.datname = current_database()), v_tables;
    DELETE FROM changeover.legacy_use u WHERE u.at < clock_timestamp() - interval '180 days';
    IF to_regprocedure('pg_catalog.pg_stat_force_next_flush()') IS NOT NULL THEN -- from 15 on
        EXECUTE 'SELECT pg_catalog.pg_stat_force_next_flush()';
    END IF;
    RETURN true;
END $$;

-- How often the legacy tables were read and written since their statistics began; null where there are none to watch. What
-- was written before a move is in the statistics only some seconds after it. A partitioned table has none of its own.
CREATE FUNCTION changeover.legacy_statistics() RETURNS jsonb
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE parts AS (
        SELECT c.oid AS root, c.oid FROM changeover.repository r CROSS JOIN unnest(r.legacy_tables) n (name)
          JOIN pg_class c ON c.oid = to_regclass(n.name)
         WHERE r.stage = 'NEW_ONLY'
           AND NOT EXISTS (SELECT FROM changeover.history h WHERE h.repository = r.name AND h.action = 'MOVE'
                              AND h.at > clock_timestamp() - interval '1 minute')
        UNION
        SELECT p.root, i.inhrelid FROM parts p JOIN pg_inherits i ON i.inhparent = p.oid)
    SELECT jsonb_object_agg(t.root::text, t.uses) FROM (
        SELECT p.root, jsonb_build_object(
                   'reads', sum(coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0)),
                   'writes', sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)) AS uses
          FROM parts p JOIN pg_stat_all_tables s ON s.relid = p.oid GROUP BY p.root) t
$$;

CREATE FUNCTION changeover.lagging(p_repository integer) RETURNS text[]
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(i.id ORDER BY i.id)
      FROM changeover.instance i
      JOIN changeover.acknowledgement a ON a.instance = i.id AND a.repository = p_repository
      JOIN changeover.repository r ON r.number = a.repository
      JOIN changeover.percentage p ON p.repository = r.number
     WHERE i.lease_until > clock_timestamp() AND (a.epoch < r.epoch OR a.revision < p.revision)
$$;

-- One short attempt at the exclusive locks on the fences of some repositories, in the order of their numbers. Writers
-- that come later queue behind it only for p_wait_ms; the handler lets every lock of a failed attempt go.
CREATE FUNCTION changeover.close_fences(p_repositories integer[], p_wait_ms integer) RETURNS boolean
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := current_setting('lock_timeout');
    v_number integer;
BEGIN
    PERFORM set_config('lock_timeout', p_wait_ms || 'ms', true);
    FOR v_number IN SELECT DISTINCT n FROM unnest(p_repositories) n ORDER BY n LOOP
        PERFORM pg_advisory_xact_lock(1128813414, v_number);
    END LOOP;
    PERFORM set_config('lock_timeout', v_before, true);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END $$;

-- One short attempt to stop all units that write these repositories, until the end of this transaction: those that have
-- written are waited for, later ones wait. Moves and copies go on; that is what they are stopped for.
CREATE FUNCTION changeover.freeze(p_repositories integer[], p_wait_ms integer) RETURNS boolean
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := current_setting('lock_timeout');
    v_number integer;
BEGIN
    PERFORM set_config('lock_timeout', p_wait_ms || 'ms', true);
    FOR v_number IN SELECT DISTINCT n FROM unnest(p_repositories) n ORDER BY n LOOP
        PERFORM pg_advisory_xact_lock(1128813418, v_number);
    END LOOP;
    PERFORM set_config('lock_timeout', v_before, true);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END $$;

-- Who holds the fences of these repositories, for the message of a move that gives up.
CREATE FUNCTION changeover.fence_holders(p_repositories integer[], p_longer interval DEFAULT interval '0')
    RETURNS text
    LANGUAGE sql VOLATILE AS $$
    SELECT string_agg(format('pid %s (%s, open for %s s)', l.pid, coalesce(nullif(a.application_name, ''), 'no name'),
                             round(extract(epoch FROM clock_timestamp() - a.xact_start))), ', ' ORDER BY a.xact_start)
      FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.classid = 1128813414 AND l.objid = ANY (p_repositories::oid[])
       AND l.granted AND l.pid <> pg_backend_pid()
       AND coalesce(a.xact_start, '-infinity') <= clock_timestamp() - p_longer
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
$$;

CREATE FUNCTION changeover.rank(p_stage text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT pg_catalog.array_position(
        ARRAY['LEGACY_ONLY', 'DUAL_WRITE', 'SHADOW', 'RAMP', 'NEW_PRIMARY', 'NEW_ONLY'], p_stage)
$$;

-- Refuses, before anything is written, what would lose data. The fence of the repository is held exclusively.
CREATE FUNCTION changeover.check_move(r changeover.repository, p_stage text) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_percent integer := (SELECT p.percent FROM changeover.percentage p WHERE p.repository = r.number);
    v_marks bigint := (SELECT count(*) FROM changeover.mark m WHERE m.repository = r.number);
    v_path text := format('%s: %s -> %s', r.name, r.stage, p_stage);
    v_authority_moves boolean := (changeover.rank(r.stage) < 5) <> (changeover.rank(p_stage) < 5);
    v_side_is_left boolean := (r.stage = 'DUAL_WRITE' AND p_stage = 'LEGACY_ONLY')
        OR (r.stage = 'NEW_PRIMARY' AND p_stage = 'NEW_ONLY');
    v_lagging text[];
BEGIN
    IF changeover.rank(p_stage) IS NULL THEN
        RAISE EXCEPTION '%: there is no such stage', v_path USING ERRCODE = 'CO010';
    ELSIF abs(changeover.rank(r.stage) - changeover.rank(p_stage)) <> 1 THEN
        RAISE EXCEPTION '%: a move goes one stage forward or back', v_path USING ERRCODE = 'CO010',
            HINT = 'Move through the stages in between.';
    END IF;
    IF r.retired IN ('RENAMED', 'DROPPED') THEN
        RAISE EXCEPTION '%: legacy was % at %', v_path, lower(r.retired), to_char(r.retired_at AT TIME ZONE 'UTC',
                'YYYY-MM-DD"T"HH24:MI:SS"Z"') USING ERRCODE = 'CO024',
            HINT = CASE r.retired WHEN 'DROPPED' THEN 'Restore it from the backup, which lacks all that was written since.'
                                  ELSE 'Give the tables their names back first.' END;
    ELSIF changeover.asleep(r.number) IS NOT NULL THEN
        RAISE EXCEPTION '%: sentinels are missing or switched off on %', v_path, array_to_string(changeover.asleep(r.number), ', ')
            USING ERRCODE = 'CO023', HINT = 'Install them again and verify both sides, or remove them.';
    END IF;
    IF cardinality(r.bulk) > 0 AND NOT r.shared AND changeover.follower(p_stage) IS NOT NULL
            AND NOT changeover.authority(p_stage) = ANY (r.sentinels) THEN
        RAISE EXCEPTION '%: only sentinels can tell the keys of %', v_path, array_to_string(r.bulk, ', ')
            USING ERRCODE = 'CO022', HINT = 'Install the sentinels of the repository first.';
    END IF;
    IF p_stage = 'RAMP' AND r.stage = 'SHADOW' AND NOT r.shared AND (NOT r.backfilled OR r.stale = 'NEW') THEN
        RAISE EXCEPTION '%: new does not hold every key yet', v_path USING ERRCODE = 'CO011',
            HINT = CASE WHEN r.stale = 'NEW' THEN 'Reseed new, verify it, then move.' ELSE 'Finish the backfill, then move.' END;
    END IF;
    IF v_authority_moves AND NOT r.shared THEN
        IF p_stage = 'NEW_PRIMARY' AND v_percent < 100 THEN
            RAISE EXCEPTION '%: new serves % %% of the reads', v_path, v_percent USING ERRCODE = 'CO012',
                HINT = 'Go to 100 percent first.';
        ELSIF p_stage = 'NEW_PRIMARY' AND cardinality(r.legacy_only) > 0 THEN
            RAISE EXCEPTION '%: new does not have %', v_path, array_to_string(r.legacy_only, ', ')
                USING ERRCODE = 'CO013', HINT = 'Port these operations first.';
        ELSIF r.stale IS NOT NULL THEN
            RAISE EXCEPTION '%: % is stale', v_path, r.stale USING ERRCODE = 'CO011',
                HINT = 'Reseed it and verify it, then move.';
        ELSIF v_marks > 0 THEN
            RAISE EXCEPTION '%: % marks are open, the other side lacks those writes', v_path, v_marks
                USING ERRCODE = 'CO014', HINT = 'Let the drain finish, look at parked keys, then move.';
        END IF;
    END IF;
    IF v_authority_moves OR v_side_is_left THEN
        v_lagging := changeover.lagging(r.number);
        IF v_lagging IS NOT NULL THEN
            RAISE EXCEPTION '%: instances have not seen epoch % yet: %', v_path, r.epoch, array_to_string(v_lagging, ', ')
                USING ERRCODE = 'CO015', HINT = 'Wait until they have, or until their lease ends.';
        END IF;
    END IF;
END $$;

-- Dependencies bind both ways: checked on the state that a move would leave behind.
CREATE FUNCTION changeover.check_dependencies(p_moved text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v record;
BEGIN
    FOR v IN SELECT c.name child, c.stage child_stage, changeover.rank(c.stage) cr, cp.percent child_percent,
                    q.name parent, q.stage parent_stage, changeover.rank(q.stage) pr, qp.percent parent_percent,
                    q.atomic parent_atomic
               FROM changeover.repository c
               JOIN changeover.percentage cp ON cp.repository = c.number
               JOIN changeover.repository q ON q.name = ANY (c.depends_on)
               JOIN changeover.percentage qp ON qp.repository = q.number
              WHERE c.name = ANY (p_moved) OR q.name = ANY (p_moved) LOOP
        IF v.cr > 1 AND v.pr = 1 THEN
            RAISE EXCEPTION '% is written on new while % on which it depends is not', v.child, v.parent
                USING ERRCODE = 'CO016', HINT = format('Move %s first, or both together.', v.parent);
        ELSIF (v.cr >= 4) AND (v.pr < 4) THEN
            RAISE EXCEPTION '% (%) would be read from new ahead of % (%)', v.child, v.child_stage, v.parent, v.parent_stage
                USING ERRCODE = 'CO016', HINT = format('Move %s first, or both together.', v.parent);
        ELSIF v.cr = 4 AND v.pr = 4 AND v.child_percent > v.parent_percent THEN
            RAISE EXCEPTION '% (% %%) would be read from new ahead of % (% %%)',
                v.child, v.child_percent, v.parent, v.parent_percent
                USING ERRCODE = 'CO016', HINT = format('Raise %s first, lower %s first.', v.parent, v.child);
        ELSIF (v.cr >= 5) <> (v.pr >= 5) AND NOT v.parent_atomic THEN
            RAISE EXCEPTION '% and % on which it depends would be led by different sides', v.child, v.parent
                USING ERRCODE = 'CO016', HINT = 'Move them together in one move.';
        ELSIF v.pr = 6 AND v.cr < 6 THEN
            RAISE EXCEPTION '% still writes legacy rows that need %', v.child, v.parent
                USING ERRCODE = 'CO016', HINT = format('Move %s to NEW_ONLY first, or both together.', v.child);
        END IF;
    END LOOP;
END $$;

-- Moves repositories to a stage: one durable, fenced, audited step, or an error and nothing changed. Where keys are
-- marked, the application's own move converges the last ones by itself; this function has no mapping and only counts.
CREATE FUNCTION changeover.move(
        p_repositories text[], p_stage text, p_reason text, p_actor text DEFAULT session_user,
        p_expected_epoch bigint DEFAULT NULL, p_round_ms integer DEFAULT 50, p_rounds integer DEFAULT 40,
        p_evidence jsonb DEFAULT NULL)
    RETURNS TABLE (repository text, stage text, epoch bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r changeover.repository;
    v_numbers integer[];
    v_round integer := 0;
    v_history bigint;
BEGIN
    PERFORM changeover.require_read_committed();
    IF btrim(coalesce(p_reason, '')) = '' THEN
        RAISE EXCEPTION 'a move needs a reason' USING ERRCODE = 'CO010';
    END IF;
    SELECT array_agg(x.number) INTO v_numbers FROM changeover.repository x WHERE x.name = ANY (p_repositories);
    IF cardinality(v_numbers) IS DISTINCT FROM cardinality(p_repositories) THEN
        RAISE EXCEPTION 'not all of these repositories are registered: %', p_repositories USING ERRCODE = 'CO001',
            HINT = 'select name from changeover.repository';
    END IF;
    IF NOT pg_try_advisory_xact_lock(1128813416, 0) THEN
        RAISE EXCEPTION 'another move is under way' USING ERRCODE = 'CO017', HINT = 'One move at a time: try again.';
    END IF;
    WHILE NOT changeover.close_fences(v_numbers, p_round_ms) LOOP
        v_round := v_round + 1;
        IF v_round >= p_rounds THEN
            RAISE EXCEPTION 'open transactions hold the fence: %', changeover.fence_holders(v_numbers)
                USING ERRCODE = 'CO018', HINT = 'Nothing was changed. End these transactions or wait for them.';
        END IF;
        PERFORM pg_sleep(0.01 + random() * p_round_ms / 1000.0);
    END LOOP;
    FOR r IN SELECT x.* FROM changeover.repository x WHERE x.number = ANY (v_numbers) ORDER BY x.number FOR UPDATE LOOP
        IF r.epoch <> coalesce(p_expected_epoch, r.epoch) THEN
            RAISE EXCEPTION '%: expected epoch %, found %', r.name, p_expected_epoch, r.epoch USING ERRCODE = 'CO019',
                HINT = 'Somebody moved it meanwhile: look at changeover.history.';
        END IF;
        PERFORM changeover.check_move(r, p_stage);
        PERFORM changeover.apply_move(r, p_stage);
        INSERT INTO changeover.history (repository, action, before, after, epoch, actor, reason, evidence)
            VALUES (r.name, 'MOVE', r.stage, p_stage, r.epoch + 1, p_actor, p_reason, p_evidence) RETURNING id INTO v_history;
        PERFORM changeover.note_effect(v_history);
        repository := r.name;
        stage := p_stage;
        epoch := r.epoch + 1;
        RETURN NEXT;
    END LOOP;
    PERFORM changeover.check_dependencies(p_repositories);
END $$;

-- A side that is left is stamped stale; its marks say less than the stamp, so they go with it.
CREATE FUNCTION changeover.apply_move(r changeover.repository, p_stage text) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_left text := CASE WHEN r.shared THEN NULL
                        WHEN r.stage = 'DUAL_WRITE' AND p_stage = 'LEGACY_ONLY' THEN 'NEW'
                        WHEN r.stage = 'NEW_PRIMARY' AND p_stage = 'NEW_ONLY' THEN 'LEGACY' END;
BEGIN
    UPDATE changeover.repository x
       SET stage = p_stage, epoch = r.epoch + 1, moved_in = pg_current_xact_id(),
           stale = coalesce(v_left, r.stale), backfilled = r.backfilled AND v_left IS DISTINCT FROM 'NEW'
     WHERE x.number = r.number AND x.epoch = r.epoch;
    IF v_left IS NOT NULL THEN
        PERFORM changeover.clear_marks(ARRAY(SELECT m.id FROM changeover.mark m WHERE m.repository = r.number));
        DELETE FROM changeover.attempt a WHERE a.repository = r.number;
        DELETE FROM changeover.checkpoint c WHERE c.repository = r.number;
    END IF;
    IF p_stage = 'RAMP' THEN
        UPDATE changeover.percentage p
           SET percent = CASE WHEN r.stage = 'SHADOW' THEN 0 ELSE 100 END, revision = p.revision + 1
         WHERE p.repository = r.number;
    END IF;
END $$;

CREATE FUNCTION changeover.move(p_repository text, p_stage text, p_reason text)
    RETURNS TABLE (repository text, stage text, epoch bigint) LANGUAGE sql VOLATILE AS $$
    SELECT * FROM changeover.move(ARRAY[p_repository], p_stage, p_reason)
$$;

CREATE FUNCTION changeover.percent(
        p_repositories text[], p_percent integer, p_reason text, p_actor text DEFAULT session_user,
        p_evidence jsonb DEFAULT NULL, p_expected_epoch bigint DEFAULT NULL, p_expected_revision bigint DEFAULT NULL)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r record;
    v_history bigint;
BEGIN
    PERFORM changeover.require_read_committed();
    IF btrim(coalesce(p_reason, '')) = '' THEN
        RAISE EXCEPTION 'a change of percentage needs a reason' USING ERRCODE = 'CO010';
    ELSIF (p_percent BETWEEN 0 AND 100) IS NOT TRUE THEN
        RAISE EXCEPTION '% is not a percentage', p_percent USING ERRCODE = 'CO010', HINT = 'Give a number from 0 to 100.';
    ELSIF EXISTS (SELECT FROM unnest(p_repositories) n WHERE n NOT IN (SELECT x.name FROM changeover.repository x)) THEN
        RAISE EXCEPTION 'not all of these repositories are registered: %', p_repositories USING ERRCODE = 'CO001',
            HINT = 'select name from changeover.repository';
    END IF;
    PERFORM pg_advisory_xact_lock(1128813416, 0);
    FOR r IN SELECT x.name, x.number, x.stage, x.epoch, p.percent, p.revision FROM changeover.repository x
               JOIN changeover.percentage p ON p.repository = x.number
              WHERE x.name = ANY (p_repositories) ORDER BY x.number FOR UPDATE OF p LOOP
        IF r.epoch <> coalesce(p_expected_epoch, r.epoch) THEN
            RAISE EXCEPTION '%: expected epoch %, found %', r.name, p_expected_epoch, r.epoch USING ERRCODE = 'CO019',
                HINT = 'Somebody moved it meanwhile: look at changeover.history.';
        ELSIF r.revision <> coalesce(p_expected_revision, r.revision) THEN
            RAISE EXCEPTION '%: somebody changed the percentage meanwhile, it is % (expected revision %, found %)', r.name,
                r.percent, p_expected_revision, r.revision USING ERRCODE = 'CO019', HINT = 'Look at changeover.history.';
        ELSIF r.stage <> 'RAMP' THEN
            RAISE EXCEPTION '%: a percentage belongs to RAMP, the stage is %', r.name, r.stage USING ERRCODE = 'CO010',
                HINT = 'Move to RAMP first.';
        END IF;
        UPDATE changeover.percentage p SET percent = p_percent, revision = p.revision + 1 WHERE p.repository = r.number;
        INSERT INTO changeover.history (repository, action, before, after, epoch, actor, reason, evidence)
            VALUES (r.name, 'PERCENT', r.percent::text, p_percent::text, r.epoch, p_actor, p_reason, p_evidence)
            RETURNING id INTO v_history;
        PERFORM changeover.note_effect(v_history);
    END LOOP;
    PERFORM changeover.check_dependencies(p_repositories);
END $$;

CREATE FUNCTION changeover.percent(p_repository text, p_percent integer, p_reason text)
    RETURNS void LANGUAGE sql VOLATILE AS $$ SELECT changeover.percent(ARRAY[p_repository], p_percent, p_reason) $$;

-- Routing keys that are served by new (allow) or by legacy (deny) at any percentage of RAMP.
CREATE FUNCTION changeover.route_lists(
        p_repository text, p_allow text[], p_deny text[], p_reason text, p_actor text DEFAULT session_user)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_number integer := (SELECT x.number FROM changeover.repository x WHERE x.name = p_repository);
BEGIN
    IF btrim(coalesce(p_reason, '')) = '' THEN
        RAISE EXCEPTION 'a change of route lists needs a reason' USING ERRCODE = 'CO010';
    ELSIF v_number IS NULL THEN
        RAISE EXCEPTION 'repository % is not registered', p_repository USING ERRCODE = 'CO001';
    END IF;
    UPDATE changeover.percentage p
       SET allow = ARRAY(SELECT DISTINCT k FROM unnest(p_allow) k WHERE k IS NOT NULL),
           deny = ARRAY(SELECT DISTINCT k FROM unnest(p_deny) k WHERE k IS NOT NULL),
           revision = p.revision + 1
     WHERE p.repository = v_number;
    INSERT INTO changeover.history (repository, action, after, actor, reason)
        VALUES (p_repository, 'ROUTE_LISTS', format('%s allowed, %s denied', cardinality(p_allow), cardinality(p_deny)),
                p_actor, p_reason);
END $$;

-- A person vouches for something that no gate can see, such as a backup, until the time that is written as what is after.
CREATE FUNCTION changeover.attest(
        p_repository text, p_what text, p_valid_seconds bigint, p_reason text, p_actor text DEFAULT session_user)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF btrim(coalesce(p_reason, '')) = '' OR btrim(coalesce(p_what, '')) = '' OR (p_valid_seconds > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'to vouch needs a thing, a reason and a time for which it holds' USING ERRCODE = 'CO010';
    ELSIF NOT EXISTS (SELECT FROM changeover.repository x WHERE x.name = p_repository) THEN
        RAISE EXCEPTION 'repository % is not registered', p_repository USING ERRCODE = 'CO001',
            HINT = 'select name from changeover.repository';
    END IF;
    INSERT INTO changeover.history (repository, action, before, after, actor, reason)
        VALUES (p_repository, 'ATTEST', p_what,
                to_char((clock_timestamp() + make_interval(secs => p_valid_seconds)) AT TIME ZONE 'UTC',
                        'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                p_actor, p_reason);
END $$;

-- Begins a copy, or goes on with one: what is done is in the checkpoint, the rest in its ranges.
CREATE FUNCTION changeover.begin_copy(p_repository integer, p_job text, p_epoch bigint) RETURNS void
    LANGUAGE sql VOLATILE AS $$
    WITH begun AS (
        INSERT INTO changeover.checkpoint (repository, job, epoch) VALUES (p_repository, p_job, p_epoch)
            ON CONFLICT (repository, job) DO NOTHING RETURNING repository, job)
    INSERT INTO changeover.key_range (repository, job, number) SELECT b.repository, b.job, 1 FROM begun b
$$;

-- Takes the first range that nobody has, or whose lease ran out; none if all are taken. A range whose row is locked is
-- at work, however old its lease.
CREATE FUNCTION changeover.take_range(p_repository integer, p_job text, p_holder text, p_lease_ms integer)
    RETURNS SETOF changeover.key_range
    LANGUAGE sql VOLATILE AS $$
    UPDATE changeover.key_range k
       SET holder = p_holder, lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0),
           attempt = k.attempt + 1
     WHERE (k.repository, k.job, k.number) = (
        SELECT f.repository, f.job, f.number FROM changeover.key_range f
         WHERE f.repository = p_repository AND f.job = p_job
           AND (f.lease_until IS NULL OR f.lease_until < clock_timestamp())
         ORDER BY f.number LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING k.*
$$;

-- Gives the last range an end, and what is behind it to others; false if somebody else has it by now.
CREATE FUNCTION changeover.cut_range(
        p_repository integer, p_job text, p_number integer, p_attempt integer, p_to_key text) RETURNS boolean
    LANGUAGE sql VOLATILE AS $$
    WITH cut AS (
        UPDATE changeover.key_range k SET to_key = p_to_key
         WHERE k.repository = p_repository AND k.job = p_job AND k.number = p_number AND k.attempt = p_attempt
           AND k.to_key IS NULL RETURNING k.*),
    rest AS (
        INSERT INTO changeover.key_range (repository, job, number, after_key)
            SELECT c.repository, c.job, c.number + 1, c.to_key FROM cut c RETURNING number)
    SELECT EXISTS (SELECT FROM rest)
$$;

-- Ends a chunk of a range, in its transaction. A range that is done goes into the sums of the checkpoint, one at a time,
-- so that the last one knows that it is.
CREATE FUNCTION changeover.advance_range(
        p_repository integer, p_job text, p_number integer, p_attempt integer, p_last_key text, p_rows integer,
        p_skipped integer, p_parked integer, p_done boolean, p_lease_ms integer) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE changeover.key_range k
       SET last_key = p_last_key, rows = k.rows + p_rows, skipped = k.skipped + p_skipped, parked = k.parked + p_parked,
           lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0), updated_at = clock_timestamp()
     WHERE k.repository = p_repository AND k.job = p_job AND k.number = p_number AND k.attempt = p_attempt;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'range % of the % belongs to another worker by now', p_number, lower(p_job) USING ERRCODE = 'CO033';
    END IF;
    IF p_done THEN
        PERFORM FROM changeover.checkpoint c WHERE c.repository = p_repository AND c.job = p_job FOR UPDATE;
        WITH done AS (
            DELETE FROM changeover.key_range k
             WHERE k.repository = p_repository AND k.job = p_job AND k.number = p_number RETURNING k.*)
        UPDATE changeover.checkpoint c
           SET rows = c.rows + d.rows, skipped = c.skipped + d.skipped, parked = c.parked + d.parked,
               updated_at = clock_timestamp()
          FROM done d WHERE c.repository = d.repository AND c.job = d.job;
        UPDATE changeover.checkpoint c SET finished = true
         WHERE c.repository = p_repository AND c.job = p_job
           AND NOT EXISTS (SELECT FROM changeover.key_range k WHERE k.repository = p_repository AND k.job = p_job);
    END IF;
END $$;

-- Lets all copies of a repository pause, go on, or keep to a rate, wherever they run.
CREATE FUNCTION changeover.pace_copies(
        p_repository text, p_action text, p_rows_per_second double precision, p_actor text, p_reason text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_action IS NULL OR p_action NOT IN ('PAUSE', 'RESUME', 'LIMIT') THEN
        RAISE EXCEPTION '% is no change of pace', coalesce(p_action, 'null') USING ERRCODE = 'CO010',
            HINT = 'Say PAUSE, RESUME or LIMIT.';
    END IF;
    INSERT INTO changeover.copy_pace AS c (repository, paused, rows_per_second, actor, reason)
        SELECT r.number, p_action = 'PAUSE', CASE p_action WHEN 'LIMIT' THEN p_rows_per_second END, p_actor, p_reason
          FROM changeover.repository r WHERE r.name = p_repository
        ON CONFLICT (repository) DO UPDATE SET
            paused = CASE WHEN p_action = 'LIMIT' THEN c.paused ELSE excluded.paused END,
            rows_per_second = CASE WHEN p_action = 'LIMIT' THEN excluded.rows_per_second ELSE c.rows_per_second END,
            actor = excluded.actor, reason = excluded.reason, at = clock_timestamp();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no repository %', p_repository USING ERRCODE = 'CO010';
    END IF;
    INSERT INTO changeover.history (repository, action, after, actor, reason)
        VALUES (p_repository, p_action, CASE WHEN p_action = 'LIMIT' THEN coalesce(p_rows_per_second::text, 'none') END,
                p_actor, p_reason);
END $$;

-- For people: how far every backfill and reseed is, and how many work on it.
CREATE VIEW changeover.copies AS
    SELECT r.name AS repository, c.job, c.epoch, c.rows + k.rows AS rows, c.skipped + k.skipped AS skipped,
           c.parked + k.parked AS parked, c.finished, k.ranges, k.workers,
           CASE WHEN p.paused THEN p.actor || ': ' || p.reason END AS paused, p.rows_per_second, c.started_at,
           greatest(c.updated_at, k.updated_at) AS updated_at
      FROM changeover.checkpoint c
      JOIN changeover.repository r ON r.number = c.repository
      LEFT JOIN changeover.copy_pace p ON p.repository = c.repository
     CROSS JOIN LATERAL (
        SELECT coalesce(sum(x.rows), 0)::bigint AS rows, coalesce(sum(x.skipped), 0)::bigint AS skipped,
               coalesce(sum(x.parked), 0)::bigint AS parked, count(*) AS ranges,
               count(*) FILTER (WHERE x.lease_until > clock_timestamp()) AS workers, max(x.updated_at) AS updated_at
          FROM changeover.key_range x WHERE x.repository = c.repository AND x.job = c.job) k;

-- Says once what a finished job has brought about; a backfill that several have finished is said by the first.
CREATE FUNCTION changeover.settle(
        p_repository integer, p_epoch bigint, p_what text, p_actor text, p_reason text, p_unverified boolean DEFAULT false)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_name text := (SELECT r.name FROM changeover.repository r WHERE r.number = p_repository);
    v_verdict text;
BEGIN
    PERFORM changeover.require_read_committed();
    IF btrim(coalesce(p_reason, '')) = '' THEN
        RAISE EXCEPTION 'this needs a reason' USING ERRCODE = 'CO010';
    END IF;
    -- Earned only by a job that has finished; leaving a side removes its checkpoints.
    IF NOT EXISTS (SELECT 1 FROM changeover.checkpoint c
                    WHERE c.repository = p_repository AND c.finished
                      AND c.job = CASE p_what WHEN 'BACKFILLED' THEN 'BACKFILL' WHEN 'RESEEDED' THEN 'RESEED' END) THEN
        RAISE EXCEPTION 'no finished job says %', p_what USING ERRCODE = 'CO011',
            HINT = 'Run the backfill or the reseed to its end first.';
    END IF;
    -- What was verified before or while the side was reseeded says nothing of what it holds now.
    IF p_what = 'RESEEDED' AND p_unverified IS NOT TRUE THEN
        SELECT v.verdict INTO v_verdict
          FROM changeover.verification v JOIN changeover.checkpoint c ON c.repository = p_repository AND c.job = 'RESEED'
         WHERE v.repository = v_name AND v.telling AND v.started_at >= c.updated_at ORDER BY v.id DESC LIMIT 1;
        IF v_verdict IS DISTINCT FROM 'MATCH' THEN
            RAISE EXCEPTION '%: %', v_name, CASE WHEN v_verdict IS NULL THEN 'nobody has verified it since it was reseeded'
                ELSE format('the last verification since it was reseeded says %s', v_verdict) END
                USING ERRCODE = 'CO011', HINT = 'Verify both sides, every key of them, repair what differs, then accept the side.';
        END IF;
    END IF;
    -- Of several who have finished it one goes on; whoever holds the key of the row as a writer is not waited for.
    PERFORM FROM changeover.repository r WHERE r.number = p_repository FOR NO KEY UPDATE;
    IF p_what = 'BACKFILLED' AND EXISTS (SELECT FROM changeover.repository r WHERE r.number = p_repository
                                            AND r.epoch = p_epoch AND r.backfilled) THEN
        RETURN;
    END IF;
    UPDATE changeover.repository r
       SET backfilled = r.backfilled OR p_what = 'BACKFILLED' OR (p_what = 'RESEEDED' AND r.stale = 'NEW'),
           stale = CASE WHEN p_what = 'RESEEDED' THEN NULL ELSE r.stale END
     WHERE r.number = p_repository AND r.epoch = p_epoch
       AND (p_what = 'BACKFILLED' OR r.stale = changeover.follower(r.stage))
    RETURNING r.name INTO v_name;
    IF v_name IS NULL THEN
        RAISE EXCEPTION 'the epoch has changed since %', p_epoch USING ERRCODE = 'CO002';
    END IF;
    INSERT INTO changeover.history (repository, action, after, epoch, actor, reason)
        VALUES (v_name, 'SETTLE', p_what, p_epoch, p_actor,
                CASE WHEN p_what = 'RESEEDED' AND p_unverified THEN 'unverified: ' ELSE '' END || p_reason);
END $$;

-- Sentinels: triggers on the tables of an entity, on both sides, which see every change that no routed write and no copy
-- accounts for. They are what an old build, psql and a cron job go through. The triggers and a function for each table
-- are generated (dev.changeover.core.Sentinels); what they call is here.

-- What a change of this side means that nobody signed: null for nothing, else the side that is right and a reason to
-- mark. Takes the fence as a routed write does and reads the stage after that: a move waits for this transaction.
CREATE FUNCTION changeover.guard(p_repository integer, p_side text, OUT right_side text, OUT reason text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r changeover.repository;
    v_ours boolean := coalesce(nullif(current_setting('changeover.routed', true), ''), '0') <> '0'
        OR coalesce(current_setting('changeover.copying', true), '') <> '';
BEGIN
    IF NOT v_ours THEN
        PERFORM pg_advisory_xact_lock_shared(1128813418, p_repository);
    END IF;
    PERFORM pg_advisory_xact_lock_shared(1128813414, p_repository);
    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN
        SELECT x.* INTO r FROM changeover.repository x WHERE x.number = p_repository;
    ELSE
        SELECT x.* INTO r FROM changeover.repository x WHERE x.number = p_repository FOR KEY SHARE;
    END IF;
    IF r.number IS NULL THEN
        RETURN;
    ELSIF p_side = 'NEW' AND r.stage = 'LEGACY_ONLY' THEN
        -- A backfill leaves what is there as it is: what was here before it must be copied once more, or removed. A side
        -- that is stale is reseeded anyway.
        IF r.stale IS NULL AND NOT r.shared THEN
            right_side := 'LEGACY';
            reason := 'EARLY';
        END IF;
    ELSIF p_side = changeover.authority(r.stage) THEN
        IF changeover.follower(r.stage) IS NOT NULL THEN
            right_side := p_side;
            -- a routed write of another repository, or a copy, may set off changes in these tables
            reason := CASE WHEN v_ours THEN 'CASCADE' ELSE 'FOREIGN' END;
        END IF;
    ELSIF v_ours AND changeover.follower(r.stage) IS NOT NULL THEN
        right_side := changeover.authority(r.stage);
        reason := 'CASCADE';
    ELSIF r.strangers = 'MARK' AND changeover.follower(r.stage) IS NOT NULL THEN
        right_side := changeover.authority(r.stage);
        reason := 'CONFLICT';
    ELSE
        RAISE EXCEPTION 'repository % is led by % now: this change of its % tables would be lost',
                r.name, lower(changeover.authority(r.stage)), lower(p_side)
            USING ERRCODE = 'CO030', HINT = 'Write through the application that has moved on, or ask those who run the'
                || ' transition (select * from changeover.status).';
    END IF;
END $$;

-- Before each unsigned statement, so that the fence is taken before the first row is.
CREATE FUNCTION changeover.sentinel_statement() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM changeover.guard(TG_ARGV[0]::integer, TG_ARGV[1]);
    RETURN NULL;
END $$;

-- A change of these keys that was not declared. Inside a signed interval it is collected, so that the same routed write
-- copies it, too, up to a number; outside it is marked, whoever wrote. What a change means is asked once and remembered as
-- long as the fence is held: both go with a rollback to a savepoint, and together with the transaction.
CREATE FUNCTION changeover.note(p_repository integer, p_side text, p_keys text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_keys text[] := array_remove(p_keys, NULL);
    v_sign text := changeover.sign_of(p_repository, p_side);
    v_copying text := coalesce(current_setting('changeover.copying', true), '');
    v_collecting boolean := coalesce(current_setting(v_sign, true), '') <> ''
        AND (v_copying = '' OR NOT v_sign = ANY (string_to_array(v_copying, ',')));
    v_collected text;
    v_right text;
    v_reason text;
BEGIN
    IF v_collecting THEN
        v_collected := coalesce(current_setting('changeover.collected_' || p_repository, true), '');
        IF cardinality(v_keys) + length(v_collected) - length(replace(v_collected, E'\x1f', '')) <= 400
                AND strpos(array_to_string(v_keys, ''), E'\x1f') = 0 AND NOT '' = ANY (v_keys) THEN
            PERFORM set_config('changeover.collected_' || p_repository,
                               v_collected || E'\x1f' || array_to_string(v_keys, E'\x1f'), true);
            RETURN;
        ELSIF (SELECT x.atomic FROM changeover.repository x WHERE x.number = p_repository) THEN
            RAISE EXCEPTION 'repository number % is ATOMIC, and one routed write changed more than 400 keys', p_repository
                USING ERRCODE = 'CO032', HINT = 'Write them in several calls.';
        END IF;
        SELECT g.right_side, 'MANY_KEYS' INTO v_right, v_reason FROM changeover.guard(p_repository, p_side) g;
    ELSIF coalesce(current_setting(v_sign || '_means', true), '') <> '' AND v_copying = '' THEN
        v_right := split_part(current_setting(v_sign || '_means'), ',', 1);
        v_reason := split_part(current_setting(v_sign || '_means'), ',', 2);
    ELSE
        SELECT g.right_side, g.reason INTO v_right, v_reason FROM changeover.guard(p_repository, p_side) g;
        IF v_reason IN ('FOREIGN', 'CONFLICT', 'EARLY') THEN
            PERFORM set_config(v_sign || '_means', v_right || ',' || v_reason, true);
        END IF;
    END IF;
    IF v_right IS NULL THEN
        RETURN;
    ELSIF cardinality(v_keys) = 1 OR v_keys[1] = v_keys[2] AND cardinality(v_keys) = 2 THEN
        INSERT INTO changeover.mark (repository, key, side, reason, writer, application)
            VALUES (p_repository, v_keys[1], v_right, v_reason, CASE WHEN NOT v_collecting THEN session_user END,
                    CASE WHEN NOT v_collecting THEN current_setting('application_name') END);
    ELSE
        INSERT INTO changeover.mark (repository, key, side, reason, writer, application)
            SELECT DISTINCT p_repository, k, v_right, v_reason, CASE WHEN NOT v_collecting THEN session_user END,
                   CASE WHEN NOT v_collecting THEN current_setting('application_name') END
              FROM unnest(v_keys) k;
    END IF;
END $$;

-- Tables on which sentinels were installed and are not there any more, or are switched off; null if all are awake.
CREATE FUNCTION changeover.asleep(p_repository integer) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(w.name)
      FROM changeover.repository r, unnest(r.watched_tables) w (name)
     WHERE r.number = p_repository
       AND (SELECT count(*) FROM pg_catalog.pg_trigger t
             WHERE t.tgrelid = to_regclass(w.name) AND t.tgenabled = 'A'
               AND starts_with(t.tgname, 'changeover_' || p_repository || '_')) <> 5
$$;

-- Says which sides sentinels watch, in the transaction that made or removed their triggers and holds the fence.
CREATE FUNCTION changeover.watch(
        p_repository integer, p_sides text[], p_tables text[], p_strangers text, p_actor text, p_reason text)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r changeover.repository;
BEGIN
    PERFORM changeover.require_read_committed();
    SELECT x.* INTO r FROM changeover.repository x WHERE x.number = p_repository FOR UPDATE;
    IF r.shared AND cardinality(p_sides) > 0 THEN
        RAISE EXCEPTION '%: both sides use the same tables, nothing follows', r.name USING ERRCODE = 'CO021';
    ELSIF NOT r.sentinels <@ p_sides AND cardinality(r.bulk) > 0 AND changeover.follower(r.stage) IS NOT NULL THEN
        RAISE EXCEPTION '%: only sentinels can tell the keys of %', r.name, array_to_string(r.bulk, ', ')
            USING ERRCODE = 'CO022', HINT = 'Remove them in LEGACY_ONLY or NEW_ONLY.';
    END IF;
    UPDATE changeover.repository x
       SET sentinels = p_sides, watched_tables = p_tables, strangers = p_strangers, moved_in = pg_current_xact_id()
     WHERE x.number = p_repository;
    INSERT INTO changeover.history (repository, action, before, after, epoch, actor, reason)
        VALUES (r.name, 'SENTINELS', array_to_string(r.sentinels, ','), array_to_string(p_sides, ','), r.epoch, p_actor, p_reason);
END $$;

-- A table is renamed in this transaction, next: what is recorded of it by its name is recorded by the other.
CREATE FUNCTION changeover.renaming(p_before text, p_after text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE changeover.repository r
       SET watched_tables = ARRAY(SELECT CASE WHEN to_regclass(u.n) = to_regclass(p_before) THEN p_after ELSE u.n END
                                    FROM unnest(r.watched_tables) WITH ORDINALITY u (n, o) ORDER BY u.o),
           legacy_tables = ARRAY(SELECT CASE WHEN to_regclass(u.n) = to_regclass(p_before) THEN p_after ELSE u.n END
                                   FROM unnest(r.legacy_tables) WITH ORDINALITY u (n, o) ORDER BY u.o)
     WHERE EXISTS (SELECT FROM unnest(r.watched_tables || r.legacy_tables) n WHERE to_regclass(n) = to_regclass(p_before));
END $$;

-- Says what became of the legacy tables, in the transaction in which it does; null: they have their names back.
CREATE FUNCTION changeover.retire(
        p_repository text, p_retired text, p_reason text, p_actor text DEFAULT session_user, p_evidence jsonb DEFAULT NULL)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r changeover.repository;
BEGIN
    PERFORM changeover.require_read_committed();
    IF btrim(coalesce(p_reason, '')) = '' THEN
        RAISE EXCEPTION 'a retirement needs a reason' USING ERRCODE = 'CO010';
    END IF;
    SELECT x.* INTO r FROM changeover.repository x WHERE x.name = p_repository FOR NO KEY UPDATE;
    IF r.number IS NULL THEN
        RAISE EXCEPTION 'repository % is not registered', p_repository USING ERRCODE = 'CO001',
            HINT = 'select name from changeover.repository';
    ELSIF r.stage <> 'NEW_ONLY' OR r.shared THEN
        RAISE EXCEPTION '%: legacy is in use, the stage is %', p_repository, r.stage USING ERRCODE = 'CO025',
            HINT = 'Move to NEW_ONLY first.';
    ELSIF r.retired = 'DROPPED' THEN
        RAISE EXCEPTION '%: legacy was dropped at %', p_repository, r.retired_at USING ERRCODE = 'CO024',
            HINT = 'Restore it from the backup if it is wanted.';
    ELSIF p_retired IN ('VIEW', 'RENAMED') AND r.retired IS NOT NULL THEN
        RAISE EXCEPTION '%: legacy was renamed at %', p_repository, r.retired_at USING ERRCODE = 'CO024',
            HINT = 'Give the tables their names back first if they shall be renamed otherwise.';
    ELSIF p_retired IS NULL AND r.retired IS NULL THEN
        RAISE EXCEPTION '%: legacy was not renamed', p_repository USING ERRCODE = 'CO024',
            HINT = 'There is nothing to take back.';
    END IF;
    UPDATE changeover.repository x
       SET retired = p_retired, retired_at = clock_timestamp(),
           sentinels = CASE WHEN p_retired = 'DROPPED' THEN '{}' ELSE x.sentinels END,
           watched_tables = CASE WHEN p_retired = 'DROPPED' THEN '{}' ELSE x.watched_tables END,
           legacy_tables = CASE WHEN p_retired = 'DROPPED' THEN '{}' ELSE x.legacy_tables END
     WHERE x.number = r.number;
    INSERT INTO changeover.history (repository, action, before, after, epoch, actor, reason, evidence)
        VALUES (p_repository, 'RETIRE', r.retired, p_retired, r.epoch, p_actor, p_reason, p_evidence);
END $$;

-- Writes into the history that a backup of the legacy tables was written, restored and compared.
CREATE FUNCTION changeover.backed_up(p_repository text, p_where text, p_reason text, p_actor text, p_evidence jsonb)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM changeover.repository x WHERE x.name = p_repository) THEN
        RAISE EXCEPTION 'repository % is not registered', p_repository USING ERRCODE = 'CO001',
            HINT = 'select name from changeover.repository';
    END IF;
    INSERT INTO changeover.history (repository, action, after, actor, reason, evidence)
        VALUES (p_repository, 'BACKUP', p_where, p_actor, p_reason, p_evidence);
END $$;

-- Names the legacy tables of a repository that are there and not among these; null if none is.
CREATE FUNCTION changeover.legacy_besides(p_recorded text[], p_tables text[]) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(n, ', ') FROM unnest(p_recorded) n
     WHERE to_regclass(n) IS NOT NULL
       AND NOT EXISTS (SELECT FROM unnest(p_tables) t WHERE to_regclass(t) = to_regclass(n))
$$;

-- Says that legacy tables are restored from a backup, in the transaction that does it. Only where one side is written alone:
-- what is restored in NEW_ONLY is stale, and follows again after a reseed. p_retired: RENAMED if the backup has the new names.
CREATE FUNCTION changeover.restored(
        p_repository text, p_tables text[], p_retired text, p_reason text, p_actor text, p_evidence jsonb)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r changeover.repository;
    v_elsewhere text;
BEGIN
    PERFORM changeover.require_read_committed();
    SELECT x.* INTO r FROM changeover.repository x WHERE x.name = p_repository FOR NO KEY UPDATE;
    v_elsewhere := changeover.legacy_besides(r.legacy_tables, p_tables);
    IF r.number IS NULL THEN
        RAISE EXCEPTION 'repository % is not registered', p_repository USING ERRCODE = 'CO001',
            HINT = 'select name from changeover.repository';
    ELSIF r.stage NOT IN ('LEGACY_ONLY', 'NEW_ONLY') OR r.shared THEN
        RAISE EXCEPTION '%: both sides are in use, the stage is %', p_repository, r.stage USING ERRCODE = 'CO025',
            HINT = 'A step back loses nothing here. Restore in LEGACY_ONLY or NEW_ONLY.';
    ELSIF v_elsewhere IS NOT NULL THEN
        RAISE EXCEPTION '%: its legacy tables are there, under other names than in the backup: %', p_repository, v_elsewhere
            USING ERRCODE = 'CO025', HINT = 'Give them the names back that they had, then restore.';
    END IF;
    UPDATE changeover.repository x
       SET retired = p_retired, retired_at = clock_timestamp(), legacy_tables = p_tables,
           stale = CASE r.stage WHEN 'NEW_ONLY' THEN 'LEGACY' ELSE x.stale END
     WHERE x.number = r.number;
    INSERT INTO changeover.history (repository, action, before, after, epoch, actor, reason, evidence)
        VALUES (p_repository, 'RESTORE', r.retired, p_retired, r.epoch, p_actor, p_reason, p_evidence);
END $$;

-- Removes a repository whose legacy was dropped and that no live instance has; its history stays.
CREATE FUNCTION changeover.forget(p_repository text, p_reason text, p_actor text DEFAULT session_user) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r changeover.repository;
    v_live text;
BEGIN
    PERFORM changeover.require_read_committed();
    SELECT x.* INTO r FROM changeover.repository x WHERE x.name = p_repository FOR UPDATE;
    SELECT string_agg(i.instance, ', ' ORDER BY i.instance) INTO v_live
      FROM changeover.instances i WHERE i.repository = p_repository AND i.live;
    IF r.number IS NULL THEN
        RAISE EXCEPTION 'repository % is not registered', p_repository USING ERRCODE = 'CO001',
            HINT = 'select name from changeover.repository';
    ELSIF r.retired IS DISTINCT FROM 'DROPPED' THEN
        RAISE EXCEPTION '%: its legacy tables are not retired', p_repository USING ERRCODE = 'CO025',
            HINT = 'Drop them first.';
    ELSIF v_live IS NOT NULL THEN
        RAISE EXCEPTION '%: these instances still have it: %', p_repository, v_live USING ERRCODE = 'CO025',
            HINT = 'Deploy a build without it, and wait until their lease ends.';
    END IF;
    INSERT INTO changeover.history (repository, action, before, epoch, actor, reason)
        VALUES (p_repository, 'FORGET', r.stage, r.epoch, p_actor, p_reason);
    DELETE FROM changeover.acknowledgement a WHERE a.repository = r.number;
    DELETE FROM changeover.checkpoint c WHERE c.repository = r.number;
    DELETE FROM changeover.percentage p WHERE p.repository = r.number;
    DELETE FROM changeover.mark m WHERE m.repository = r.number;
    DELETE FROM changeover.attempt a WHERE a.repository = r.number;
    DELETE FROM changeover.foreign_change f WHERE f.repository = r.number;
    DELETE FROM changeover.repository x WHERE x.number = r.number;
END $$;

-- Who wrote round the library, how often and when last. FOREIGN: the side that led was written, the change was copied;
-- CASCADE: a routed write or a copy of another repository set it off; CONFLICT: the side that followed was written, the change was undone.
CREATE VIEW changeover.foreign_writers AS
    SELECT r.name AS repository, f.side, f.reason, f.writer, f.application,
           sum(f.changes)::bigint AS changes, min(f.first_at) AS first_at, max(f.last_at) AS last_at
      FROM (SELECT repository, side, reason, writer, application, changes, first_at, last_at FROM changeover.foreign_change
            UNION ALL
            SELECT repository, side, reason, writer, application, count(*), min(at), max(at) FROM changeover.mark
             WHERE writer IS NOT NULL GROUP BY 1, 2, 3, 4, 5) f
      JOIN changeover.repository r ON r.number = f.repository
     GROUP BY 1, 2, 3, 4, 5;

-- Adds up what is said of the same writer, so that the table stays small. One at a time.
CREATE FUNCTION changeover.fold_foreign_changes() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF pg_try_advisory_xact_lock(1128813416, 1) AND (SELECT count(*) > 500 FROM (SELECT FROM changeover.foreign_change LIMIT 501) f) THEN
        WITH folded AS (DELETE FROM changeover.foreign_change RETURNING *)
        INSERT INTO changeover.foreign_change (repository, side, reason, writer, application, changes, first_at, last_at)
            SELECT f.repository, f.side, f.reason, f.writer, f.application, sum(f.changes), min(f.first_at), max(f.last_at)
              FROM folded f GROUP BY 1, 2, 3, 4, 5;
    END IF;
END $$;

-- Transactions that have held the fence of a repository for longer than a moment: a move waits for them.
CREATE FUNCTION changeover.in_the_way(p_repository integer) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT changeover.fence_holders(ARRAY[p_repository], interval '1 second')
$$;

-- One row an instance and repository: what it has acknowledged, and whether a move waits for it.
CREATE VIEW changeover.instances AS
    SELECT i.id AS instance, i.application, r.name AS repository, i.started_at, i.lease_until,
           i.lease_until > clock_timestamp() AS live, a.epoch, a.revision,
           i.lease_until > clock_timestamp() AND (a.epoch < r.epoch OR a.revision < p.revision) AS behind
      FROM changeover.instance i
      JOIN changeover.acknowledgement a ON a.instance = i.id
      JOIN changeover.repository r ON r.number = a.repository
      JOIN changeover.percentage p ON p.repository = r.number;

CREATE VIEW changeover.status AS
    SELECT r.name, r.stage, r.epoch, p.percent, r.backfilled, r.stale,
           (SELECT count(*) FROM changeover.mark m WHERE m.repository = r.number) AS marks,
           (SELECT min(m.at) FROM changeover.mark m WHERE m.repository = r.number) AS oldest_mark,
           (SELECT count(*) FROM changeover.attempt a WHERE a.repository = r.number AND a.parked) AS parked,
           changeover.lagging(r.number) AS lagging, changeover.asleep(r.number) AS asleep, changeover.in_the_way(r.number) AS in_the_way, r.sentinels,
           coalesce((SELECT sum(f.changes) FROM changeover.foreign_writers f WHERE f.repository = r.name), 0)::bigint
               AS foreign_changes, r.retired, r.retired_at, d.since AS dual_since,
           (SELECT sum(c.calls) FROM changeover.call c
             WHERE c.repository = r.name AND c.at >= d.since AND c.operation = ANY (r.writes || r.bulk))::bigint AS dual_writes
      FROM changeover.repository r JOIN changeover.percentage p ON p.repository = r.number
      LEFT JOIN LATERAL (
        SELECT max(h.at) AS since FROM changeover.history h
         WHERE h.repository = r.name AND h.action = 'MOVE' AND h.before IN ('LEGACY_ONLY', 'NEW_ONLY')
           AND r.stage NOT IN ('LEGACY_ONLY', 'NEW_ONLY') AND NOT r.shared) d ON true;

-- The samples of a group are the five of its divergences that drew the lowest ranks. Each drew its own at random when it
-- was seen, so all had the same chance however many there were, and the samples of two parts merge into those of the whole.
CREATE FUNCTION changeover.merge_samples(p_one jsonb, p_other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(x.s ORDER BY (x.s ->> 'rank')::numeric), '[]')
      FROM (SELECT s FROM jsonb_array_elements(p_one || p_other) s ORDER BY (s ->> 'rank')::numeric LIMIT 5) x
$$;

-- Adds what an instance has seen since it last told. Groups are taken in one order, as in changeover.review, so that no
-- two deadlock, and what is shed comes last. A repository has at most 1000 groups, or a few more by a race. What was seen
-- after it was fixed is a regression; what was seen before and told late is none.
CREATE FUNCTION changeover.record_divergences(p_groups jsonb, p_shed jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g record;
    d changeover.divergence;
    v_shed jsonb := p_shed;
BEGIN
    FOR g IN SELECT x.* FROM jsonb_to_recordset(p_groups) AS x (repository text, operation text, path text, kind text,
                   count bigint, epoch bigint, first_seen timestamptz, last_seen timestamptz, samples jsonb)
              ORDER BY x.repository, x.operation, x.path, x.kind LOOP
        IF NOT EXISTS (SELECT FROM changeover.divergence x
                        WHERE (x.repository, x.operation, x.path, x.kind) = (g.repository, g.operation, g.path, g.kind))
           AND (SELECT count(*) < 1000 FROM changeover.divergence x WHERE x.repository = g.repository) THEN
            INSERT INTO changeover.divergence (repository, operation, path, kind, count, epoch, first_seen, last_seen)
                VALUES (g.repository, g.operation, g.path, g.kind, 0, g.epoch, g.first_seen, g.last_seen)
                ON CONFLICT (repository, operation, path, kind) DO NOTHING;
        END IF;
        UPDATE changeover.divergence x SET count = x.count + g.count, epoch = greatest(x.epoch, g.epoch),
               first_seen = least(x.first_seen, g.first_seen), last_seen = greatest(x.last_seen, g.last_seen),
               samples = changeover.merge_samples(x.samples, g.samples)
         WHERE (x.repository, x.operation, x.path, x.kind) = (g.repository, g.operation, g.path, g.kind)
        RETURNING x.* INTO d;
        IF NOT FOUND THEN
            v_shed := v_shed || jsonb_build_object('repository', g.repository, 'count', g.count,
                                                   'first_seen', g.first_seen, 'last_seen', g.last_seen);
        ELSIF d.state = 'FIXED' AND g.last_seen > d.reviewed_at THEN
            UPDATE changeover.divergence x SET state = 'REGRESSION', revision = x.revision + 1 WHERE x.id = d.id;
            INSERT INTO changeover.divergence_history (divergence, before, after, actor, reason, owner, ticket, count)
                VALUES (d.id, 'FIXED', 'REGRESSION', 'changeover', 'seen again after it was fixed', d.owner, d.ticket, d.count);
        END IF;
    END LOOP;
    INSERT INTO changeover.divergence_shed AS s (repository, count, first_seen, last_seen)
        SELECT x.repository, sum(x.count), min(x.first_seen), max(x.last_seen)
          FROM jsonb_to_recordset(v_shed) AS x (repository text, count bigint, first_seen timestamptz, last_seen timestamptz)
         GROUP BY x.repository ORDER BY x.repository
        ON CONFLICT (repository) DO UPDATE SET count = s.count + excluded.count,
            first_seen = least(s.first_seen, excluded.first_seen), last_seen = greatest(s.last_seen, excluded.last_seen);
END $$;

-- Refuses a decision that says too little.
CREATE FUNCTION changeover.check_review(
        p_state text, p_reason text, p_actor text, p_owner text, p_ticket text, p_expires timestamptz)
    RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF p_state IS NULL OR p_state NOT IN ('NEW', 'EXPLAINED', 'TO_BE_FIXED', 'FIXED') THEN
        RAISE EXCEPTION 'review.state: % is not for people to give', coalesce(p_state, 'null') USING ERRCODE = 'CO040',
            HINT = 'Give NEW, EXPLAINED, TO_BE_FIXED or FIXED.';
    ELSIF btrim(coalesce(p_reason, '')) = '' THEN
        RAISE EXCEPTION 'review.reason: a review needs a reason' USING ERRCODE = 'CO040', HINT = 'Say why in a sentence.';
    ELSIF btrim(coalesce(p_actor, '')) = '' THEN
        RAISE EXCEPTION 'review.actor: nobody is named' USING ERRCODE = 'CO040', HINT = 'Say who decides.';
    ELSIF greatest(length(p_owner), length(p_ticket), length(p_actor)) > 200 OR length(p_reason) > 2000 THEN
        RAISE EXCEPTION 'review: a text is too long' USING ERRCODE = 'CO040',
            HINT = 'Keep actor, owner and ticket below 200 characters and the reason below 2000.';
    ELSIF p_state = 'EXPLAINED' AND btrim(coalesce(p_owner, '')) = '' THEN
        RAISE EXCEPTION 'review.owner: EXPLAINED needs an owner' USING ERRCODE = 'CO040',
            HINT = 'Name who answers for the explanation.';
    ELSIF p_state = 'EXPLAINED' AND p_expires IS NULL THEN
        RAISE EXCEPTION 'review.expires: EXPLAINED needs an expiry' USING ERRCODE = 'CO040',
            HINT = 'Say until when the explanation holds; after it the divergence counts as unreviewed again.';
    ELSIF p_state = 'EXPLAINED' AND p_expires <= clock_timestamp() THEN
        RAISE EXCEPTION 'review.expires: % has passed', p_expires USING ERRCODE = 'CO040',
            HINT = 'Give a moment that is still to come.';
    ELSIF p_state <> 'EXPLAINED' AND p_expires IS NOT NULL THEN
        RAISE EXCEPTION 'review.expires: % does not expire', p_state USING ERRCODE = 'CO040',
            HINT = 'Leave the expiry out, or give EXPLAINED.';
    END IF;
END $$;

-- Writes a decision about groups of divergences that the reviewer has seen at these revisions: all of them or none.
-- Without revisions it holds whatever was decided before.
CREATE FUNCTION changeover.review(
        p_ids bigint[], p_revisions bigint[], p_state text, p_reason text, p_actor text DEFAULT session_user,
        p_owner text DEFAULT NULL, p_ticket text DEFAULT NULL, p_expires timestamptz DEFAULT NULL)
    RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    d record;
    v_unknown bigint;
    v_reviewed integer := 0;
BEGIN
    PERFORM changeover.check_review(p_state, p_reason, p_actor, p_owner, p_ticket, p_expires);
    SELECT i INTO v_unknown FROM unnest(p_ids) i WHERE NOT EXISTS (SELECT FROM changeover.divergence x WHERE x.id = i) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'review.id: there is no divergence %', coalesce(v_unknown::text, 'null') USING ERRCODE = 'CO040',
            HINT = 'Look for it: select id, repository, path from changeover.divergences';
    END IF;
    FOR d IN SELECT x.*, coalesce(x.revision = p_revisions[array_position(p_ids, x.id)], p_revisions IS NULL) AS as_seen
               FROM changeover.divergence x WHERE x.id = ANY (p_ids)
              ORDER BY x.repository, x.operation, x.path, x.kind FOR UPDATE LOOP
        IF NOT d.as_seen THEN
            RAISE EXCEPTION 'review: divergence % has become % meanwhile, by %', d.id, d.state,
                    coalesce((SELECT h.actor FROM changeover.divergence_history h WHERE h.divergence = d.id
                               ORDER BY h.id DESC LIMIT 1), 'nobody') USING ERRCODE = 'CO041',
                HINT = 'Nothing was changed. Look at it again and decide with that in mind.';
        END IF;
        UPDATE changeover.divergence x SET state = p_state, owner = coalesce(p_owner, x.owner),
               ticket = coalesce(p_ticket, x.ticket), expires = p_expires, reviewed_at = clock_timestamp(),
               revision = x.revision + 1
         WHERE x.id = d.id;
        INSERT INTO changeover.divergence_history (divergence, before, after, actor, reason, owner, ticket, expires, count)
            VALUES (d.id, d.state, p_state, p_actor, p_reason, coalesce(p_owner, d.owner), coalesce(p_ticket, d.ticket),
                    p_expires, d.count);
        v_reviewed := v_reviewed + 1;
    END LOOP;
    RETURN v_reviewed;
END $$;

-- The same for one group, by hand.
CREATE FUNCTION changeover.review(
        p_id bigint, p_state text, p_reason text, p_owner text DEFAULT NULL, p_ticket text DEFAULT NULL,
        p_expires timestamptz DEFAULT NULL, p_actor text DEFAULT session_user)
    RETURNS integer LANGUAGE sql VOLATILE AS $$
    SELECT changeover.review(ARRAY[p_id], NULL, p_state, p_reason, p_actor, p_owner, p_ticket, p_expires)
$$;

-- The same for all groups of a repository at a path or beneath it that are unreviewed: what somebody has decided stays.
CREATE FUNCTION changeover.review_path(
        p_repository text, p_path text, p_state text, p_reason text, p_owner text DEFAULT NULL, p_ticket text DEFAULT NULL,
        p_expires timestamptz DEFAULT NULL, p_actor text DEFAULT session_user)
    RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_ids bigint[];
    v_revisions bigint[];
BEGIN
    SELECT array_agg(v.id), array_agg(v.revision) INTO v_ids, v_revisions FROM changeover.divergences v
     WHERE v.repository = p_repository AND v.unreviewed AND v.id IS NOT NULL
       AND (v.path = p_path OR starts_with(v.path, p_path || '.') OR starts_with(v.path, p_path || '['));
    RETURN changeover.review(coalesce(v_ids, '{}'), coalesce(v_revisions, '{}'), p_state, p_reason, p_actor, p_owner,
                             p_ticket, p_expires);
END $$;

-- For people: what differs, how often, and what was decided. What was shed has no id and nothing to be reviewed.
CREATE VIEW changeover.divergences AS
    SELECT d.id, d.repository, d.operation, d.path, d.kind, d.state,
           d.state IN ('NEW', 'REGRESSION') OR (d.state = 'EXPLAINED' AND d.expires <= clock_timestamp()) AS unreviewed,
           d.count, d.owner, d.ticket, d.expires, d.epoch, d.first_seen, d.last_seen, d.reviewed_at, d.revision,
           (SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(s) = 'object' THEN s - 'rank' ELSE s END ORDER BY n), '[]')
              FROM jsonb_array_elements(d.samples) WITH ORDINALITY e (s, n)) AS samples
      FROM changeover.divergence d
    UNION ALL
    SELECT NULL, s.repository, NULL, NULL, 'UNCONFIRMED', NULL, false, s.count, NULL, NULL, NULL, NULL, s.first_seen,
           s.last_seen, NULL, NULL, '[]'
      FROM changeover.divergence_shed s;

CREATE FUNCTION changeover.add_buckets(p_one bigint[], p_other bigint[]) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(coalesce(o, 0) + coalesce(t, 0) ORDER BY n)
      FROM unnest(p_one, p_other) WITH ORDINALITY u (o, t, n)
$$;

CREATE AGGREGATE changeover.sum_buckets(bigint[]) (SFUNC = changeover.add_buckets, STYPE = bigint[], INITCOND = '{}');

-- The milliseconds that this share of the calls did not exceed, in proportion within a bucket; 0 if there were none.
CREATE FUNCTION changeover.latency(p_buckets bigint[], p_share double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce((
        SELECT (b.low + (b.high - b.low) * (b.wanted - b.before) / b.v) / 1e6
          FROM (SELECT u.n, u.v, sum(u.v) OVER (ORDER BY u.n) - u.v AS before, sum(u.v) OVER () * p_share AS wanted,
                       CASE WHEN u.n = 1 THEN 0 ELSE 2.0 ^ (14 + (u.n - 2) / 4) * (1 + (u.n - 2) % 4 / 4.0) END AS low,
                       2.0 ^ (14 + (u.n - 1) / 4) * (1 + (u.n - 1) % 4 / 4.0) AS high
                  FROM unnest(p_buckets) WITH ORDINALITY u (v, n)) b
         WHERE b.v > 0 AND b.before + b.v >= b.wanted ORDER BY b.n LIMIT 1), 0)
$$;

-- What was served and compared in the whole minutes from one moment to another; {} if nothing was.
CREATE FUNCTION changeover.measured(p_repository text, p_from timestamptz, p_to timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE AS $$
    WITH minute AS MATERIALIZED (
        SELECT c.side, c.calls, c.failures, c.buckets FROM changeover.call c
         WHERE c.repository = p_repository AND c.at >= p_from AND c.at < date_trunc('minute', p_to)),
    bucket AS (
        SELECT m.side, b.n, sum(b.v)::bigint AS v FROM minute m, unnest(m.buckets) WITH ORDINALITY b (v, n) GROUP BY m.side, b.n),
    histogram AS (SELECT b.side, array_agg(b.v ORDER BY b.n) AS buckets FROM bucket b GROUP BY b.side),
    served AS (
        SELECT m.side, sum(m.calls)::bigint AS calls, sum(m.failures)::bigint AS failures,
               (SELECT h.buckets FROM histogram h WHERE h.side = m.side) AS buckets
          FROM minute m GROUP BY m.side),
    compared AS (
        SELECT sum(c.matched)::bigint AS matched, sum(c.accepted)::bigint AS accepted, sum(c.marked)::bigint AS marked,
               sum(c.diverged)::bigint AS diverged, sum(c.failed)::bigint AS failed, sum(c.unconfirmed)::bigint AS unconfirmed
          FROM changeover.comparison c
         WHERE c.repository = p_repository AND c.at >= p_from AND c.at < date_trunc('minute', p_to) HAVING count(*) > 0)
    SELECT coalesce((SELECT jsonb_object_agg(s.side, jsonb_build_object('calls', s.calls, 'failures', s.failures,
                                'p50', changeover.latency(s.buckets, 0.5), 'p95', changeover.latency(s.buckets, 0.95),
                                'p99', changeover.latency(s.buckets, 0.99))) FROM served s), '{}')
           || coalesce((SELECT jsonb_build_object('COMPARED', to_jsonb(c)) FROM compared c), '{}')
$$;

-- Keeps what was before a change that the history has just got. No move fails for want of it.
CREATE FUNCTION changeover.note_effect(p_history bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    h changeover.history;
    v_since timestamptz;
BEGIN
    SELECT x.* INTO h FROM changeover.history x WHERE x.id = p_history;
    v_since := greatest(h.at - interval '15 minutes',
                        (SELECT max(e.at) FROM changeover.move_effect e WHERE e.repository = h.repository));
    INSERT INTO changeover.move_effect (history, repository, at, since, before)
        VALUES (h.id, h.repository, h.at, v_since, changeover.measured(h.repository, v_since, h.at));
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'what was before the change % is not kept: %', p_history, SQLERRM;
END $$;

-- Keeps what was after the changes that are long enough ago, or were followed by another. Each is written once, whoever
-- comes first; ten seconds are for whoever is just adding to the last minute.
CREATE FUNCTION changeover.complete_effects() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    e record;
BEGIN
    FOR e IN SELECT x.history, x.repository, x.at, least(x.at + interval '15 minutes', n.at) AS until
               FROM changeover.move_effect x
               LEFT JOIN LATERAL (SELECT min(y.at) AS at FROM changeover.move_effect y
                                   WHERE y.repository = x.repository AND y.at > x.at) n ON true
              WHERE x.after IS NULL AND least(x.at + interval '15 minutes', n.at) < clock_timestamp() - interval '10 seconds'
              ORDER BY x.history LIMIT 20 FOR UPDATE OF x SKIP LOCKED LOOP
        UPDATE changeover.move_effect x SET until = e.until, after = changeover.measured(e.repository, e.at, e.until)
         WHERE x.history = e.history;
    END LOOP;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'what was after a change is not kept yet: %', SQLERRM;
END $$;

CREATE FUNCTION changeover.add_measurements(p_comparisons changeover.comparison[], p_calls changeover.call[]) RETURNS void
    LANGUAGE sql VOLATILE AS $$
    INSERT INTO changeover.comparison AS c SELECT * FROM unnest(p_comparisons)
        ON CONFLICT (repository, at, operation, source) DO UPDATE SET
            matched = c.matched + excluded.matched, accepted = c.accepted + excluded.accepted,
            marked = c.marked + excluded.marked, diverged = c.diverged + excluded.diverged,
            failed = c.failed + excluded.failed, unconfirmed = c.unconfirmed + excluded.unconfirmed;
    INSERT INTO changeover.call AS c SELECT * FROM unnest(p_calls)
        ON CONFLICT (repository, at, operation, side) DO UPDATE SET
            calls = c.calls + excluded.calls, failures = c.failures + excluded.failures, nanos = c.nanos + excluded.nanos,
            buckets = changeover.add_buckets(c.buckets, excluded.buckets),
            followed = coalesce(changeover.add_buckets(c.followed, excluded.followed), '{}');
$$;

-- Adds what an instance has counted since it last did. Minutes are the server's, so that instances agree about them.
CREATE FUNCTION changeover.measure(p_comparisons jsonb, p_calls jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_minute timestamptz := date_trunc('minute', clock_timestamp());
BEGIN
    PERFORM changeover.add_measurements(
        (SELECT coalesce(array_agg((x.repository, x.operation, x.source, v_minute, x.matched, x.accepted, x.marked, x.diverged,
                                    x.failed, x.unconfirmed)::changeover.comparison
                                   ORDER BY x.repository, x.operation, x.source), '{}')
           FROM jsonb_populate_recordset(NULL::changeover.comparison, p_comparisons) x),
        (SELECT coalesce(array_agg((x.repository, x.operation, x.side, v_minute, x.calls, x.failures, x.nanos,
                                    x.buckets, coalesce(x.followed, '{}'))::changeover.call
                                   ORDER BY x.repository, x.operation, x.side), '{}')
           FROM jsonb_populate_recordset(NULL::changeover.call, p_calls) x));
    PERFORM changeover.complete_effects();
    IF random() < 0.01 THEN
        PERFORM changeover.fold_measurements(interval '2 days', interval '90 days');
    END IF;
END $$;

-- Makes hours of old minutes and forgets what is older still. One at a time; who comes second leaves it to the first.
-- Hours are those of UTC: where sessions had hours of their own, a row would become older whenever another of them folds.
CREATE FUNCTION changeover.fold_measurements(p_minutes interval, p_hours interval) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_until timestamptz := date_trunc('hour', clock_timestamp() - p_minutes, 'UTC');
BEGIN
    IF NOT pg_try_advisory_xact_lock(1128813416, 2) THEN
        RETURN;
    END IF;
    PERFORM changeover.complete_effects();
    -- a change whose time after it has not passed needs its minutes
    v_until := least(v_until, (SELECT date_trunc('hour', min(e.at)) FROM changeover.move_effect e
                                WHERE e.after IS NULL AND e.at > clock_timestamp() - interval '1 day'));
    DELETE FROM changeover.comparison c WHERE c.at < clock_timestamp() - p_hours;
    DELETE FROM changeover.call c WHERE c.at < clock_timestamp() - p_hours;
    WITH old AS (DELETE FROM changeover.comparison c WHERE c.at < v_until AND c.at <> date_trunc('hour', c.at, 'UTC') RETURNING c.*)
    INSERT INTO changeover.comparison AS c
        SELECT o.repository, o.operation, o.source, date_trunc('hour', o.at, 'UTC'), sum(o.matched), sum(o.accepted), sum(o.marked),
               sum(o.diverged), sum(o.failed), sum(o.unconfirmed)
          FROM old o GROUP BY o.repository, o.operation, o.source, date_trunc('hour', o.at, 'UTC')
        ON CONFLICT (repository, at, operation, source) DO UPDATE SET
            matched = c.matched + excluded.matched, accepted = c.accepted + excluded.accepted,
            marked = c.marked + excluded.marked, diverged = c.diverged + excluded.diverged,
            failed = c.failed + excluded.failed, unconfirmed = c.unconfirmed + excluded.unconfirmed;
    WITH old AS (DELETE FROM changeover.call c WHERE c.at < v_until AND c.at <> date_trunc('hour', c.at, 'UTC') RETURNING c.*)
    INSERT INTO changeover.call AS c
        SELECT o.repository, o.operation, o.side, date_trunc('hour', o.at, 'UTC'), sum(o.calls), sum(o.failures), sum(o.nanos),
               changeover.sum_buckets(o.buckets), coalesce(changeover.sum_buckets(o.followed), '{}')
          FROM old o GROUP BY o.repository, o.operation, o.side, date_trunc('hour', o.at, 'UTC')
        ON CONFLICT (repository, at, operation, side) DO UPDATE SET
            calls = c.calls + excluded.calls, failures = c.failures + excluded.failures, nanos = c.nanos + excluded.nanos,
            buckets = changeover.add_buckets(c.buckets, excluded.buckets),
            followed = coalesce(changeover.add_buckets(c.followed, excluded.followed), '{}');
END $$;

-- Begins the record of a verification.
CREATE FUNCTION changeover.verification_begins(
        p_repository text, p_estimated bigint, p_mode text, p_from text DEFAULT NULL, p_to text DEFAULT NULL,
        p_percent double precision DEFAULT NULL, p_named text[] DEFAULT NULL, p_of_run bigint DEFAULT NULL,
        p_request bigint DEFAULT NULL, p_changed_since bigint DEFAULT NULL)
    RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO changeover.verification
            (repository, epoch, estimated, mode, from_key, to_key, percent, named, of_run, request, changed_since)
        SELECT r.name, r.epoch, p_estimated, p_mode, p_from, p_to, p_percent, p_named, p_of_run, p_request, p_changed_since
          FROM changeover.repository r WHERE r.name = p_repository RETURNING id
$$;

-- Takes up a verification that was stopped or died; whoever ran it before can no longer write into its record. What has
-- come to its end is not taken up.
CREATE FUNCTION changeover.verification_taken_up(p_id bigint, p_repository text) RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE changeover.verification v SET attempt = v.attempt + 1, verdict = NULL, updated_at = clock_timestamp()
     WHERE v.id = p_id AND v.repository = p_repository
       AND (v.verdict IS NULL OR v.verdict = 'INCOMPLETE' OR NOT v.walked)
    RETURNING v.attempt
$$;

-- Says how a verification goes on: how far it is, what it found since the last time (with its paths, a line each), which
-- keys are marked, and which of these it has looked at again. Answers false if another instance has taken it up.
CREATE FUNCTION changeover.verification_goes_on(
        p_id bigint, p_attempt integer, p_keys bigint, p_position text, p_walked boolean, p_verdict text, p_counts jsonb,
        p_fields jsonb, p_forgiven jsonb, p_surplus bigint, p_found text[], p_paths text[], p_marked text[],
        p_looked_at text[])
    RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE changeover.verification v
       SET keys = p_keys, position = p_position, walked = p_walked, updated_at = clock_timestamp(), verdict = p_verdict,
           counts = coalesce(p_counts, '{}'), fields = coalesce(p_fields, '{}'), forgiven = coalesce(p_forgiven, '{}'),
           surplus = p_surplus
     WHERE v.id = p_id AND v.attempt = p_attempt AND v.verdict IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM changeover.verification_key k WHERE k.verification = p_id AND k.marked AND k.key = ANY (p_looked_at);
    INSERT INTO changeover.verification_key AS k (verification, key, marked, paths)
        SELECT p_id, f.key, false, string_to_array(f.paths, E'\n') FROM unnest(p_found, p_paths) f (key, paths)
        UNION ALL SELECT p_id, m.key, true, '{}' FROM unnest(p_marked) m (key)
        ON CONFLICT (verification, key) DO UPDATE SET marked = excluded.marked, paths = excluded.paths;
    RETURN true;
END $$;

-- Lets the verifications of a repository that run look at so many keys a second at most; null for no limit.
CREATE FUNCTION changeover.verification_rate(p_repository text, p_rate bigint) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH changed AS (UPDATE changeover.verification v SET rate = p_rate
                      WHERE v.repository = p_repository AND v.verdict IS NULL RETURNING 1)
    SELECT count(*) FROM changed
$$;

-- Writes into the history that a person lets keys be brought into line, which side is right, and how many keys of which
-- scope: once for each part of a repair, in the transaction that marks them, so that the history counts no others.
CREATE FUNCTION changeover.repair_begins(
        p_repository text, p_authority text, p_epoch bigint, p_scope text, p_keys bigint, p_actor text, p_reason text)
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF btrim(coalesce(p_reason, '')) = '' THEN
        RAISE EXCEPTION 'a repair needs a reason' USING ERRCODE = 'CO010';
    END IF;
    INSERT INTO changeover.history (repository, action, before, after, epoch, actor, reason)
        SELECT r.name, 'REPAIR', p_scope, format('%s keys, %s is right', p_keys, p_authority), p_epoch, p_actor, p_reason
          FROM changeover.repository r WHERE r.name = p_repository;
END $$;

-- What a request asks for, a row an argument; a value that is no list is a list of one, null is an empty one.
CREATE FUNCTION changeover.request_arguments(p_arguments jsonb) RETURNS TABLE (name text, kind text, elements text[])
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT e.key, jsonb_typeof(e.value),
           CASE jsonb_typeof(e.value)
                WHEN 'array' THEN ARRAY(SELECT x.v FROM jsonb_array_elements_text(e.value) WITH ORDINALITY x (v, n) ORDER BY n)
                WHEN 'null' THEN '{}'::text[]
                ELSE ARRAY[e.value #>> '{}'] END
      FROM jsonb_each(p_arguments) e
$$;

-- Ends what nobody will do any more: what was asked for in vain or of what does not exist, what has killed everybody who
-- began it, and what was left so long ago that nobody expects it to go on. What is unknown here may be known to another
-- build, which gets five seconds to take it.
CREATE FUNCTION changeover.sweep_requests(p_repositories text[], p_known text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    -- a row that somebody holds, such as who cancels it and has not committed, keeps nobody from the others
    v_free bigint[] := ARRAY(SELECT f.id FROM changeover.request f WHERE f.state IN ('WAITING', 'RUNNING')
                              ORDER BY f.id FOR UPDATE SKIP LOCKED);
BEGIN
    UPDATE changeover.request q
       SET state = 'FAILED', ended_at = clock_timestamp(),
           error = format('request.repository: there is no %s. Known are: %s', q.repository,
                          coalesce((SELECT string_agg(r.name, ', ' ORDER BY r.name) FROM changeover.repository r), 'none'))
     WHERE q.id = ANY (v_free) AND q.state = 'WAITING' AND NOT EXISTS (SELECT FROM changeover.repository r WHERE r.name = q.repository);
    UPDATE changeover.request q
       SET state = 'FAILED', ended_at = clock_timestamp(),
           error = format('request.verb: %s is unknown here. Known are: %s', q.verb,
                          (SELECT string_agg(k, ', ' ORDER BY k) FROM unnest(p_known) k))
     WHERE q.id = ANY (v_free) AND q.state = 'WAITING' AND q.verb <> ALL (p_known) AND q.repository = ANY (p_repositories)
       AND q.requested_at < clock_timestamp() - interval '5 seconds';
    UPDATE changeover.request q
       SET state = 'EXPIRED', ended_at = clock_timestamp(),
           error = coalesce(
               (SELECT format('request: request %s (%s) of this repository was running until this one expired. Cancel that,'
                              ' or ask again when it has ended', o.id, o.verb)
                  FROM changeover.request o
                 WHERE o.state = 'RUNNING' AND o.repository = q.repository AND o.id <> q.id ORDER BY o.id LIMIT 1),
               format('request: no instance took it in time. Start one that has built %s, takes requests and has a handler'
                      ' for %s; changeover.instances names those that run',
                      concat_ws(', ', q.repository, (SELECT string_agg(a.e, ', ') FROM changeover.request_arguments(q.arguments) x,
                                                            unnest(x.elements) a (e) WHERE x.name = 'with')), q.verb))
     WHERE q.id = ANY (v_free) AND q.state = 'WAITING' AND q.expires_at < clock_timestamp();
    UPDATE changeover.request q
       SET state = CASE WHEN q.cancel THEN 'CANCELLED' ELSE 'FAILED' END, ended_at = clock_timestamp(),
           error = CASE WHEN NOT q.cancel THEN format('request: it was begun %s times and never ended, the last time by %s.'
                        ' Look at the log of that instance, then ask again', q.attempts, q.instance) END
     WHERE q.id = ANY (v_free) AND q.state = 'RUNNING' AND q.updated_at < clock_timestamp() - interval '15 seconds'
       AND (q.cancel OR q.attempts >= 10 OR q.updated_at < clock_timestamp() - interval '5 minutes');
END $$;

-- Takes the oldest request that this instance can do, or that another has left for 15 seconds. Of one repository one at a
-- time runs, but for verbs that may run alongside; one instance at a time looks, so that none counts what another is
-- about to take. The number of attempts is what later tells the one who has it from those who had it.
CREATE FUNCTION changeover.take_request(
        p_instance text, p_repositories text[], p_verbs text[], p_alongside text[], p_known text[])
    RETURNS SETOF changeover.request
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM changeover.require_read_committed();
    IF NOT EXISTS (SELECT FROM changeover.request q WHERE q.state IN ('WAITING', 'RUNNING'))
            OR NOT pg_try_advisory_xact_lock(1128813416, 3) THEN
        RETURN;
    END IF;
    PERFORM changeover.sweep_requests(p_repositories, p_known);
    RETURN QUERY
        UPDATE changeover.request q
           SET state = 'RUNNING', instance = p_instance, attempts = q.attempts + 1, taken_at = clock_timestamp(),
               updated_at = clock_timestamp()
         WHERE q.id = (
            SELECT w.id FROM changeover.request w
             WHERE ((w.state = 'WAITING' AND w.expires_at >= clock_timestamp()) -- the sweep passes over what somebody holds
                    OR (w.state = 'RUNNING' AND w.updated_at < clock_timestamp() - interval '15 seconds'))
               AND w.verb = ANY (p_verbs) AND w.repository = ANY (p_repositories)
               AND coalesce(nullif(w.arguments -> 'with', 'null'), '[]') <@ to_jsonb(p_repositories)
               AND (w.verb = ANY (p_alongside) OR NOT EXISTS (
                    SELECT FROM changeover.request o
                     WHERE o.state = 'RUNNING' AND o.repository = w.repository AND o.id <> w.id
                       AND o.verb <> ALL (p_alongside)))
             ORDER BY w.id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING q.*;
END $$;

-- Who has a request says that it goes on, and how far it is. LOST: another has it by now. CANCELLED: it is to stop.
CREATE FUNCTION changeover.request_goes_on(p_id bigint, p_instance text, p_attempt integer, p_progress jsonb) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_cancel boolean;
BEGIN
    UPDATE changeover.request q SET updated_at = clock_timestamp(), progress = coalesce(p_progress, q.progress)
     WHERE q.id = p_id AND q.state = 'RUNNING' AND q.instance = p_instance AND q.attempts = p_attempt
    RETURNING q.cancel INTO v_cancel;
    RETURN CASE WHEN v_cancel IS NULL THEN 'LOST' WHEN v_cancel THEN 'CANCELLED' ELSE 'GOES_ON' END;
END $$;

-- Ends a request; false if another has it by now.
CREATE FUNCTION changeover.end_request(
        p_id bigint, p_instance text, p_attempt integer, p_state text, p_progress jsonb, p_result jsonb, p_error text)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_state IS NULL OR p_state NOT IN ('DONE', 'NOT_MET', 'REFUSED', 'FAILED', 'CANCELLED') THEN
        RAISE EXCEPTION '% ends no request', coalesce(p_state, 'null') USING ERRCODE = 'CO010';
    END IF;
    UPDATE changeover.request q
       SET state = p_state, progress = coalesce(p_progress, q.progress), result = p_result, error = p_error,
           updated_at = clock_timestamp(), ended_at = clock_timestamp()
     WHERE q.id = p_id AND q.state = 'RUNNING' AND q.instance = p_instance AND q.attempts = p_attempt;
    RETURN FOUND;
END $$;

-- Ends a request that waits, and lets one that runs stop at its next step. Returns the state in which it was found.
CREATE FUNCTION changeover.cancel_request(p_id bigint, p_repository text) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_state text;
BEGIN
    SELECT q.state INTO v_state FROM changeover.request q WHERE q.id = p_id AND q.repository = p_repository FOR UPDATE;
    UPDATE changeover.request q
       SET cancel = true, state = CASE q.state WHEN 'WAITING' THEN 'CANCELLED' ELSE q.state END,
           ended_at = CASE q.state WHEN 'WAITING' THEN clock_timestamp() END
     WHERE q.id = p_id AND v_state IN ('WAITING', 'RUNNING');
    RETURN v_state;
END $$;

-- Who may look at the schema must not be able to move a repository for that.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA changeover FROM PUBLIC;

INSERT INTO changeover.schema_version (version) VALUES (1);
