-- keys that are in none of the states that the writers were told
select l.key
from legal l
    left join lateral jsonb_to_record(l.state) as s (owner_id uuid, room_code text, title text, max_participants integer, status text, started_at timestamptz,
        ended_at timestamptz, peak_participants integer, created_at timestamptz, updated_at timestamptz, version bigint) on true
    left join (${rows}) r on r.id = l.key::uuid
where l.repository = 'rooms'
group by l.key
having not bool_or(
    case
        when l.state is null or r.id is null then l.state is null and r.id is null
        else (r.owner_id, r.room_code, r.title, r.max_participants, r.status, r.started_at, r.ended_at,
              r.peak_participants, r.created_at, r.updated_at, r.version) is not distinct from
             (s.owner_id, s.room_code, s.title, s.max_participants, s.status, s.started_at, s.ended_at,
              s.peak_participants, s.created_at, s.updated_at, s.version)
    end)
