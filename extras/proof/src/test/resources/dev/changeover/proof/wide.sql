CREATE SCHEMA old;
CREATE SCHEMA fresh;
CREATE TYPE public.mood AS ENUM ('calm', 'glad', 'sad');
CREATE COLLATION public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE TABLE old.wide (
    id uuid PRIMARY KEY,
    txt text, empty text, nothing text, vary varchar(40), fixed char(8), folded text COLLATE public.any_case,
    num numeric, fraction double precision, zero double precision, single real,
    big bigint, whole integer, small smallint,
    moment timestamptz, wall timestamp, ever timestamptz, day date, hour time, span interval,
    doc json, docb jsonb, numbers integer[], words text[], grid integer[],
    raw bytea, mood public.mood, other uuid, flag boolean,
    twice bigint GENERATED ALWAYS AS (whole::bigint * 2) STORED
);
CREATE TABLE old.part (wide_id uuid REFERENCES old.wide, n integer, label text, PRIMARY KEY (wide_id, n));
CREATE TABLE fresh.wide (LIKE old.wide INCLUDING ALL, deleted_at timestamptz);
CREATE TABLE fresh.part (wide_id uuid, n integer, label text, PRIMARY KEY (wide_id, n));

INSERT INTO old.wide
SELECT md5(i::text)::uuid, E'Gr\u00fc\u00dfe \u2764 an\n' || i, '', NULL, 'vary ' || i, 'fix ' || i, 'Folded ' || i,
       i * 1.50, 0.1 + i, 0, 0.1, 9007199254740993 + i, 2147483647 - i, (32767 - i)::smallint,
       timestamptz '2026-03-29 01:59:59.5+00' + i * interval '1 day', timestamp '2026-03-29 02:30:00.5' + i * interval '1 h',
       '-infinity', date '2024-02-29' + i, time '23:59:59.999999', interval '1 month',
       ('{"a": 1, "b": ' || i || '}')::json, jsonb_build_object('a', 1.0, 'b', NULL, 'i', i), ARRAY[i, NULL, 3], ARRAY['x', 'NULL'],
       ARRAY[[1, 2], [3, i]], decode('00ff41', 'hex'), 'calm', md5('other' || i)::uuid, i % 2 = 0
  FROM generate_series(1, 64) i;
INSERT INTO old.part SELECT w.id, n, 'part ' || n FROM old.wide w, generate_series(1, 3) n;

CREATE FUNCTION public.copied() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_columns text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                        WHERE attrelid = 'old.wide'::regclass AND attnum > 0 AND attgenerated = '');
BEGIN
    TRUNCATE fresh.wide, fresh.part;
    EXECUTE format('INSERT INTO fresh.wide (%1$s) SELECT %1$s FROM old.wide', v_columns);
    INSERT INTO fresh.part SELECT * FROM old.part;
    INSERT INTO fresh.wide (id, txt, deleted_at) VALUES (md5('gone')::uuid, 'gone', now());
END $$;
