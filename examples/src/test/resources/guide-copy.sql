insert into app.users select id, split_part(email, '@', 1) || '-' || left(id::text, 8), email, password_hash, display_name, is_active, true, created_at, updated_at, version, null from legacy_app.users
insert into app.auth_providers select md5(id || ':LOCAL')::uuid, id, 'LOCAL', email, updated_at from legacy_app.users
insert into app.rooms select id, host_id, room_code, title, max_participants, case status when 'active' then 'LIVE' when 'closed' then 'ENDED' else 'CREATED' end, started_at, ended_at, peak_participants, floor(extract(epoch from ended_at - started_at))::bigint, 0, created_at, updated_at, version, null from legacy_app.meetings
insert into app.audit_logs select id, action, user_id, room_id, metadata, ip_address, created_at from legacy_app.audit_logs
