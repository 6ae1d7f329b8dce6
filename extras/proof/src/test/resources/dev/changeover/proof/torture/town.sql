CREATE SCHEMA old;
CREATE SCHEMA fresh;
CREATE TABLE old.owner (id bigint PRIMARY KEY, name text NOT NULL, version bigint NOT NULL);
CREATE TABLE old.phone (
    owner_id bigint NOT NULL REFERENCES old.owner ON DELETE CASCADE, place integer NOT NULL, number text NOT NULL,
    PRIMARY KEY (owner_id, place));
CREATE TABLE old.account (
    id bigint PRIMARY KEY, owner_id bigint REFERENCES old.owner, name text NOT NULL, balance bigint NOT NULL);
CREATE INDEX ON old.account (owner_id);
CREATE TABLE fresh.person (id bigint PRIMARY KEY, full_name text NOT NULL, version bigint NOT NULL, note text);
CREATE TABLE fresh.person_phone (
    person bigint NOT NULL REFERENCES fresh.person ON DELETE CASCADE, place integer NOT NULL, digits text NOT NULL,
    PRIMARY KEY (person, place));
CREATE TABLE fresh.purse (
    id bigint PRIMARY KEY, person bigint REFERENCES fresh.person, label text NOT NULL, amount bigint NOT NULL, note text);
CREATE INDEX ON fresh.purse (person);
