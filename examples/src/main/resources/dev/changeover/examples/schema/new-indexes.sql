-- Phase 7 of the guide, while traffic runs; each statement is a transaction of its own.
-- A build that was killed leaves an invalid index behind.
drop index concurrently if exists ${new}.users_active_not_deleted;
create index concurrently users_active_not_deleted on ${new}.users (is_active) where deleted_at is null;
drop index concurrently if exists ${new}.audit_logs_timestamp_desc;
create index concurrently audit_logs_timestamp_desc on ${new}.audit_logs ("timestamp" desc);
drop index concurrently if exists ${new}.room_participants_active;
create index concurrently room_participants_active on ${new}.room_participants (room_id, left_at) where left_at is null;
analyze ${new}.users;
analyze ${new}.auth_providers;
analyze ${new}.rooms;
analyze ${new}.audit_logs;
analyze ${new}.room_participants;
analyze ${new}.recordings;
