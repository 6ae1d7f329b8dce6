select id, email, password_hash, display_name, is_active, created_at, updated_at, version
from ${legacy}.users
