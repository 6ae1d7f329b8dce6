package dev.changeover.console.doctor;

import java.util.List;

/** Of the server, and of what else happens in it. The last two are from the guide: a full pool, and slow queries. */
final class ServerChecks {

    private ServerChecks() {}

    static final List<SqlCheck> ALL = List.of(
            new SqlCheck("server version", "14 to 18", """
                    SELECT 'FAIL' AS verdict, 'PostgreSQL ' || current_setting('server_version') AS found,
                           'Use PostgreSQL 14 to 18' AS remedy
                     WHERE current_setting('server_version_num')::integer / 10000 NOT BETWEEN 14 AND 18"""),
            new SqlCheck("durability", "what is committed survives a crash of the server", """
                    SELECT CASE s.name WHEN 'synchronous_commit' THEN 'WARN' ELSE 'FAIL' END AS verdict,
                           s.name || ' is off: a crash of the server loses or destroys what was committed' AS found,
                           'Turn ' || s.name || ' on' AS remedy
                      FROM pg_catalog.pg_settings s
                     WHERE s.name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND s.setting = 'off'
                     ORDER BY s.name"""),
            new SqlCheck("deadlock_timeout", "more than twice the follower's lock timeout of 20 ms", """
                    SELECT 'FAIL' AS verdict, s.setting || ' ms' AS found,
                           'Set it to 1s, or at least to more than twice followerLimits.lockTimeout' AS remedy
                      FROM pg_catalog.pg_settings s WHERE s.name = 'deadlock_timeout' AND s.setting::integer < 40"""),
            new SqlCheck("lock table", "room for the locks of drains and backfills", """
                    SELECT 'WARN' AS verdict,
                           format('%s locks; a drain, a backfill and a large write may take 1250', x.size) AS found,
                           'Raise max_locks_per_transaction, so that this is less than a quarter of the table' AS remedy
                      FROM (SELECT current_setting('max_locks_per_transaction')::bigint
                                   * (current_setting('max_connections')::bigint
                                      + current_setting('max_prepared_transactions')::bigint) AS size) x
                     WHERE x.size / 4 < 1250"""),
            new SqlCheck("row security", "hides no rows from this role", """
                    SELECT 'WARN' AS verdict, c.oid::regclass || ' may hide rows from ' || current_user AS found,
                           'Exempt the role of the application (BYPASSRLS); the library refuses to copy hidden rows' AS remedy
                      FROM pg_catalog.pg_class c
                     WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND row_security_active(c.oid) ORDER BY 2"""),
            new SqlCheck("sight of others", "transactions of other roles can be named", """
                    SELECT 'WARN' AS verdict, current_user || ' sees only process numbers of other roles' AS found,
                           format('GRANT pg_read_all_stats TO %I', current_user) AS remedy
                     WHERE NOT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')"""),
            new SqlCheck("idle transactions", "none is open for more than a minute", """
                    SELECT 'WARN' AS verdict,
                           format('pid %s (%s) has been idle in a transaction for %s s', a.pid,
                                  coalesce(nullif(a.application_name, ''), 'no name'),
                                  round(extract(epoch FROM clock_timestamp() - a.state_change))) AS found,
                           format('A move may wait for it, and marks pile up: end it, select pg_terminate_backend(%s),'
                                  || ' and set idle_in_transaction_session_timeout', a.pid) AS remedy
                      FROM pg_catalog.pg_stat_activity a
                     WHERE a.datname = current_database() AND a.state LIKE 'idle in transaction%'
                       AND a.state_change < clock_timestamp() - interval '1 minute' ORDER BY a.state_change"""),
            new SqlCheck("long transactions", "none is older than ten minutes", """
                    SELECT 'WARN' AS verdict,
                           format('pid %s (%s) is open for %s s', a.pid, coalesce(nullif(a.application_name, ''), 'no name'),
                                  round(extract(epoch FROM clock_timestamp() - a.xact_start))) AS found,
                           'Marks that were cleared stay in the table until it ends, and make reads in RAMP slow' AS remedy
                      FROM pg_catalog.pg_stat_activity a
                     WHERE a.datname = current_database() AND a.state = 'active' AND a.backend_type = 'client backend'
                       AND a.xact_start < clock_timestamp() - interval '10 minutes' ORDER BY a.xact_start"""),
            new SqlCheck("connections", "enough are free", """
                    SELECT CASE WHEN x.used >= 0.95 * x.most THEN 'FAIL' ELSE 'WARN' END AS verdict,
                           format('%s of %s are taken', x.used, x.most) AS found,
                           'Make pools smaller, put a PgBouncer before the server, or raise max_connections' AS remedy
                      FROM (SELECT count(*) AS used, current_setting('max_connections')::integer
                                   - current_setting('superuser_reserved_connections')::integer AS most
                              FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend') x
                     WHERE x.used >= 0.8 * x.most"""),
            new SqlCheck("statistics", "every table of some size has been analysed", """
                    SELECT 'WARN' AS verdict,
                           format('%I.%I has %s rows and was never analysed: its queries may be slow', t.schemaname,
                                  t.relname, t.n_live_tup) AS found,
                           format('ANALYZE %I.%I', t.schemaname, t.relname) AS remedy
                      FROM pg_catalog.pg_stat_user_tables t
                     WHERE t.schemaname <> 'changeover' AND t.n_live_tup >= 1000
                       AND t.last_analyze IS NULL AND t.last_autoanalyze IS NULL ORDER BY t.n_live_tup DESC"""));
}
