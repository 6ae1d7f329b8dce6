select id, host_id as owner_id, room_code, title, max_participants,
       case status when 'active' then 'LIVE' when 'closed' then 'ENDED' else 'CREATED' end as status,
       started_at, ended_at, peak_participants, created_at, updated_at, version
from ${legacy}.meetings
