-- The schema that the application comes from. Names in ${..} are set by the command line.
create schema ${legacy};

create table ${legacy}.users (
    id            uuid         primary key,
    email         varchar(255) not null unique,
    password_hash varchar(100) not null,
    display_name  varchar(120),
    is_active     boolean      not null,
    created_at    timestamptz  not null,
    updated_at    timestamptz  not null,
    version       bigint       not null
);

create table ${legacy}.meetings (
    id                uuid         primary key,
    title             varchar(200) not null,
    room_code         varchar(32)  not null unique,
    -- no foreign key: a user is deleted for good, and the meetings stay
    host_id           uuid         not null,
    -- free text: 'waiting', 'active' and 'closed' are what the application writes, older rows hold other words
    status            varchar(20)  not null,
    max_participants  integer      not null,
    started_at        timestamptz,
    ended_at          timestamptz,
    peak_participants integer      not null,
    created_at        timestamptz  not null,
    updated_at        timestamptz  not null,
    version           bigint       not null
);

create table ${legacy}.audit_logs (
    id         bigserial   primary key,
    action     varchar(60) not null,
    user_id    uuid,
    room_id    uuid,
    metadata   jsonb,
    ip_address varchar(45),
    created_at timestamptz not null
);
