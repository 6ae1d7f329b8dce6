-- The schema that the application moves to: additive, nothing of the legacy schema is touched.
create schema ${new};

create table ${new}.users (
    id            uuid         primary key,
    username      varchar(320) not null,
    email         varchar(255) not null,
    password_hash varchar(100) not null,
    display_name  varchar(120),
    is_active     boolean      not null,
    -- new's own: legacy has no such column, and the guide takes every existing user for verified
    is_verified   boolean      not null default true,
    created_at    timestamptz  not null,
    updated_at    timestamptz  not null,
    version       bigint       not null,
    -- a row with a date here is absent
    deleted_at    timestamptz
);

create unique index users_username on ${new}.users (username) where deleted_at is null;
create unique index users_email on ${new}.users (email) where deleted_at is null;

create index users_created_at on ${new}.users (created_at, id) where deleted_at is null;

create table ${new}.auth_providers (
    id            uuid         primary key,
    user_id       uuid         not null references ${new}.users (id),
    provider_type varchar(20)  not null,
    provider_id   varchar(255) not null,
    last_used_at  timestamptz  not null,
    unique (user_id, provider_type)
);

create table ${new}.rooms (
    id                uuid         primary key,
    -- deferred on purpose: the copy must make it immediate by name, or a failure would reach the caller's COMMIT
    owner_id          uuid         not null
        constraint rooms_owner references ${new}.users (id) deferrable initially deferred,
    room_code         varchar(32)  not null,
    title             varchar(200) not null,
    max_participants  integer      not null,
    status            varchar(20)  not null check (status in ('CREATED', 'LIVE', 'ENDED')),
    started_at        timestamptz,
    ended_at          timestamptz,
    peak_participants integer      not null,
    duration_seconds  bigint,
    -- new's own: nothing counted joins before
    total_joins       integer      not null default 0,
    created_at        timestamptz  not null,
    updated_at        timestamptz  not null,
    version           bigint       not null,
    deleted_at        timestamptz
);

create unique index rooms_room_code on ${new}.rooms (room_code) where deleted_at is null;
create index rooms_owner_id on ${new}.rooms (owner_id);
create index rooms_created_at on ${new}.rooms (created_at, id) where deleted_at is null;
create index rooms_status on ${new}.rooms (status, created_at, id) where deleted_at is null;

-- not an identity column: it draws from the sequence of legacy until legacy is left
create sequence ${new}.audit_logs_id_seq;

-- no foreign keys: an entry outlives what it speaks of
create table ${new}.audit_logs (
    id          bigint      primary key default nextval('${new}.audit_logs_id_seq'),
    action      varchar(60) not null,
    user_id     uuid,
    room_id     uuid,
    metadata    jsonb,
    ip_address  varchar(45),
    "timestamp" timestamptz not null
);

create index audit_logs_user_id on ${new}.audit_logs (user_id, "timestamp");

-- Legacy never had the tables below. Nothing is copied into them, and the application writes them once new leads for good.
create table ${new}.room_participants (
    id        uuid        primary key,
    room_id   uuid        not null references ${new}.rooms (id),
    user_id   uuid        not null references ${new}.users (id),
    joined_at timestamptz not null,
    left_at   timestamptz
);

create table ${new}.recordings (
    id               uuid         primary key,
    room_id          uuid         not null references ${new}.rooms (id),
    storage_key      varchar(255) not null unique,
    recorded_at      timestamptz  not null,
    duration_seconds bigint       not null check (duration_seconds >= 0)
);

create index recordings_room_id on ${new}.recordings (room_id);
