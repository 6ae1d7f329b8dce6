-- keys that are in none of the states that the writers were told
select l.key
from legal l
    left join lateral jsonb_to_record(l.state) as s (email text, password_hash text, display_name text, is_active boolean, created_at timestamptz,
        updated_at timestamptz, version bigint) on true
    left join (${rows}) r on r.id = l.key::uuid
where l.repository = 'users'
group by l.key
having not bool_or(
    case
        when l.state is null or r.id is null then l.state is null and r.id is null
        else (r.email, r.password_hash, r.display_name, r.is_active, r.created_at, r.updated_at, r.version) is not distinct from
             (s.email, s.password_hash, s.display_name, s.is_active, s.created_at, s.updated_at, s.version)
    end)
