-- rows of writes whose key nobody was told, because the process ended before the answer
select r.id::text
from unnamed u
    cross join lateral jsonb_to_record(u.state) as s (action text, user_id uuid, room_id uuid, metadata text, ip_address text,
        "timestamp" timestamptz)
    join ${new}.audit_logs r
      on (r.action, r.user_id, r.room_id, r.metadata, r.ip_address, r."timestamp") is not distinct from
         (s.action, s.user_id, s.room_id, s.metadata::jsonb, s.ip_address, s."timestamp")
where u.repository = 'audit_logs'
