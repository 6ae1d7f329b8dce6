-- the guide's mapping of meetings
with expected as (
    select *, case status when 'active' then 'LIVE' when 'closed' then 'ENDED' else 'CREATED' end as new_status,
           floor(extract(epoch from ended_at - started_at))::bigint as duration_seconds, 0 as total_joins
    from ${legacy}.meetings
), actual as (
    select * from ${new}.rooms where deleted_at is null
)
select coalesce(e.id, a.id)::text as key,
       case when a.id is null then 'only on legacy' when e.id is null then 'only on new' else 'differs' end as kind
from expected e
    full join actual a on a.id = e.id
where a.id is null or e.id is null
   or (e.host_id, e.room_code, e.title, e.max_participants, e.new_status, e.started_at, e.ended_at,
       e.peak_participants, e.duration_seconds, e.total_joins, e.created_at, e.updated_at, e.version) is distinct from
      (a.owner_id, a.room_code, a.title, a.max_participants, a.status, a.started_at, a.ended_at,
       a.peak_participants, a.duration_seconds, a.total_joins, a.created_at, a.updated_at, a.version)
