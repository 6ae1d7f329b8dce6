-- keys that are in none of the states that the writers were told
select l.key
from legal l
    left join lateral jsonb_to_record(l.state) as s (action text, user_id uuid, room_id uuid, metadata text, ip_address text, "timestamp" timestamptz) on true
    left join (${rows}) r on r.id = l.key::bigint
where l.repository = 'audit_logs'
group by l.key
having not bool_or(
    case
        when l.state is null or r.id is null then l.state is null and r.id is null
        else (r.action, r.user_id, r.room_id, r.metadata, r.ip_address, r."timestamp") is not distinct from
             (s.action, s.user_id, s.room_id, s.metadata::jsonb, s.ip_address, s."timestamp")
    end)
