select id, owner_id, room_code, title, max_participants, status,
       started_at, ended_at, peak_participants, created_at, updated_at, version
from ${new}.rooms
where deleted_at is null
