-- What is built faster when the rows are there.
create index users_created_at on ${legacy}.users (created_at, id);
create index meetings_host_id on ${legacy}.meetings (host_id);
create index meetings_created_at on ${legacy}.meetings (created_at, id);
create index meetings_status on ${legacy}.meetings (status, created_at, id);
create index audit_logs_user_id on ${legacy}.audit_logs (user_id, created_at);
analyze ${legacy}.users;
analyze ${legacy}.meetings;
analyze ${legacy}.audit_logs;
