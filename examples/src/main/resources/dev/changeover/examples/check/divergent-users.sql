-- the guide's mapping of users, and of the provider that it derives from each
with expected as (
    select id, split_part(email, '@', 1) || '-' || left(id::text, 8) as username, email, password_hash, display_name,
           is_active, true as is_verified, created_at, updated_at, version
    from ${legacy}.users
), actual as (
    select * from ${new}.users where deleted_at is null
), expected_provider as (
    select md5(id || ':LOCAL')::uuid as id, id as user_id, 'LOCAL' as provider_type, email as provider_id,
           updated_at as last_used_at
    from ${legacy}.users
), actual_provider as (
    -- those of a deleted user are as absent as the user
    select p.* from ${new}.auth_providers p join actual a on a.id = p.user_id
)
select coalesce(e.id, a.id)::text as key,
       case when a.id is null then 'only on legacy' when e.id is null then 'only on new' else 'differs' end as kind
from expected e
    full join actual a on a.id = e.id
where a.id is null or e.id is null
   or (e.username, e.email, e.password_hash, e.display_name, e.is_active, e.is_verified, e.created_at, e.updated_at,
       e.version) is distinct from
      (a.username, a.email, a.password_hash, a.display_name, a.is_active, a.is_verified, a.created_at, a.updated_at,
       a.version)
union all
select coalesce(e.user_id, p.user_id)::text,
       'provider ' || case when p.id is null then 'only on legacy' when e.id is null then 'only on new' else 'differs' end
from expected_provider e
    full join actual_provider p on p.id = e.id
where p.id is null or e.id is null
   or (e.user_id, e.provider_type, e.provider_id, e.last_used_at) is distinct from
      (p.user_id, p.provider_type, p.provider_id, p.last_used_at)
