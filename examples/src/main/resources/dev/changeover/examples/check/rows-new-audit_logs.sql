select id, action, user_id, room_id, metadata, ip_address, "timestamp"
from ${new}.audit_logs
