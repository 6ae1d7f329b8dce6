-- the guide's mapping of audit logs
select coalesce(e.id, a.id)::text as key,
       case when a.id is null then 'only on legacy' when e.id is null then 'only on new' else 'differs' end as kind
from ${legacy}.audit_logs e
    full join ${new}.audit_logs a on a.id = e.id
where a.id is null or e.id is null
   or (e.action, e.user_id, e.room_id, e.metadata, e.ip_address, e.created_at) is distinct from
      (a.action, a.user_id, a.room_id, a.metadata, a.ip_address, a."timestamp")
