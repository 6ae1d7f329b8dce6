CREATE SCHEMA old;
CREATE SCHEMA fresh;
CREATE TABLE old.owner (id bigint PRIMARY KEY, name text NOT NULL, own json);
CREATE TABLE old.phone (
    owner_id bigint NOT NULL REFERENCES old.owner ON DELETE CASCADE, n integer, number text NOT NULL,
    PRIMARY KEY (owner_id, n));
CREATE TABLE old.car (id bigint PRIMARY KEY, owner bigint REFERENCES old.owner ON DELETE CASCADE, plate text NOT NULL);
CREATE TABLE fresh.owner (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE fresh.phone (
    owner_id bigint NOT NULL REFERENCES fresh.owner ON DELETE CASCADE, n integer, number text NOT NULL,
    PRIMARY KEY (owner_id, n));
CREATE TABLE fresh.car (id bigint PRIMARY KEY, owner bigint REFERENCES fresh.owner ON DELETE CASCADE, plate text NOT NULL);
