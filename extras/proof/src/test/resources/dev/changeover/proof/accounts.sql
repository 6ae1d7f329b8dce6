CREATE SCHEMA old;
CREATE SCHEMA fresh;
CREATE TABLE old.account (id bigint PRIMARY KEY, name text NOT NULL, balance bigint NOT NULL, state text NOT NULL DEFAULT 'open');
CREATE TABLE fresh.account (
    id bigint PRIMARY KEY, label text NOT NULL, balance bigint NOT NULL, state text NOT NULL, note text);
