select id, action, user_id, room_id, metadata, ip_address, created_at as "timestamp"
from ${legacy}.audit_logs
