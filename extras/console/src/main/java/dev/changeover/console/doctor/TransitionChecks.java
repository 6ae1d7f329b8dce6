package dev.changeover.console.doctor;

import java.util.List;

/** Of the transition itself, as far as the control schema knows it. */
final class TransitionChecks {

    private TransitionChecks() {}

    static final List<SqlCheck> ALL = List.of(
            new SqlCheck("rights of this role", "every verb may be used", """
                    SELECT 'WARN' AS verdict, current_user || ' may not ' || v.what AS found,
                           format('changeover ddl --operator %I prints the grants', current_user) AS remedy
                      FROM (VALUES
                          (has_column_privilege('changeover.request', 'verb', 'INSERT'), 'ask the application'),
                          (has_table_privilege('changeover.request', 'SELECT'), 'follow requests'),
                          (has_function_privilege('changeover.move(text[], text, text, text, bigint, integer, integer, jsonb)',
                                                  'EXECUTE'), 'move without the application'),
                          (has_function_privilege('changeover.review(bigint[], bigint[], text, text, text, text, text, timestamptz)',
                                                  'EXECUTE'), 'decide about divergences')) v (may, what)
                     WHERE NOT v.may"""),
            new SqlCheck("instances", "some are alive for every repository", """
                    SELECT 'WARN' AS verdict, r.name || ': no instance of the application is alive' AS found,
                           'Start one; until then only back and move --direct work' AS remedy
                      FROM changeover.repository r
                     WHERE NOT EXISTS (SELECT FROM changeover.instances i WHERE i.live AND i.repository = r.name)
                     ORDER BY r.name"""),
            new SqlCheck("instances behind", "all are on the present epoch", """
                    SELECT 'WARN' AS verdict, s.name || ': ' || array_to_string(s.lagging, ', ') || ' is behind' AS found,
                           'Moves of the authority wait for it: look at its log, or end it' AS remedy
                      FROM changeover.status s WHERE s.lagging IS NOT NULL ORDER BY s.name"""),
            new SqlCheck("in the way of moves", "nobody holds a fence for long", """
                    SELECT 'WARN' AS verdict, s.name || ': ' || s.in_the_way AS found,
                           'A move gives up after two seconds of waiting for it: end it, or wait' AS remedy
                      FROM changeover.status s WHERE s.in_the_way IS NOT NULL ORDER BY s.name"""),
            new SqlCheck("sentinels", "awake wherever they were installed", """
                    SELECT 'FAIL' AS verdict, s.name || ': missing or switched off on ' || array_to_string(s.asleep, ', ') AS found,
                           'Writes round the library go unseen: install them again and verify both sides' AS remedy
                      FROM changeover.status s WHERE s.asleep IS NOT NULL ORDER BY s.name"""),
            new SqlCheck("strangers", "every repository under way is watched", """
                    SELECT 'WARN' AS verdict, r.name || ': no sentinels, so that writes round the library go unseen' AS found,
                           'changeover.sentinels().install(..) in the application, then verify' AS remedy
                      FROM changeover.repository r
                     WHERE r.sentinels = '{}' AND NOT r.shared AND r.stage NOT IN ('LEGACY_ONLY', 'NEW_ONLY') ORDER BY r.name"""),
            new SqlCheck("watched tables", "all exist", """
                    SELECT 'FAIL' AS verdict, r.name || ': relation ' || w.name || ' does not exist' AS found,
                           'Apply the migrations of the schema in their order, or remove the sentinels' AS remedy
                      FROM changeover.repository r, unnest(r.watched_tables) w (name)
                     WHERE to_regclass(w.name) IS NULL ORDER BY 2"""),
            new SqlCheck("parked keys", "none", """
                    SELECT 'WARN' AS verdict,
                           format('%s: %s parked, such as %s: %s', r.name, count(*), min(a.key), min(a.last_error)) AS found,
                           'Mend what the error says, then: changeover marks retry ' || r.name AS remedy
                      FROM changeover.attempt a JOIN changeover.repository r ON r.number = a.repository
                     WHERE a.parked GROUP BY r.name ORDER BY r.name"""),
            new SqlCheck("old marks", "the drain keeps up", """
                    SELECT 'WARN' AS verdict,
                           format('%s: %s marks, the oldest is %s s old', s.name, s.marks,
                                  round(extract(epoch FROM clock_timestamp() - s.oldest_mark))) AS found,
                           'Look with changeover marks ' || s.name || ', and whether an instance is alive' AS remedy
                      FROM changeover.status s
                     WHERE s.marks > s.parked AND s.oldest_mark < clock_timestamp() - interval '1 minute' ORDER BY s.name"""),
            new SqlCheck("failing followers", "no copies have failed lately", """
                    SELECT 'WARN' AS verdict,
                           format('%s: %s copies failed in the last five minutes and became marks', r.name, count(*)) AS found,
                           'BREAKER says that the circuit breaker is open: changeover marks ' || r.name AS remedy
                      FROM changeover.mark m JOIN changeover.repository r ON r.number = m.repository
                     WHERE m.reason IN ('FAILED', 'BREAKER')
                       AND m.at > clock_timestamp() - interval '5 minutes' GROUP BY r.name ORDER BY r.name"""),
            new SqlCheck("stale sides", "none", """
                    SELECT 'WARN' AS verdict, r.name || ': ' || r.stale || ' has missed writes' AS found,
                           'changeover backfill --reseed ' || r.name || ', once that side is written again' AS remedy
                      FROM changeover.repository r
                     WHERE (r.stale = 'NEW' AND r.stage IN ('DUAL_WRITE', 'SHADOW', 'RAMP'))
                        OR (r.stale = 'LEGACY' AND r.stage = 'NEW_PRIMARY') ORDER BY r.name"""),
            new SqlCheck("copies under way", "none stands still", """
                    SELECT 'WARN' AS verdict,
                           format('%s: the %s has stood still for %s s', c.repository, lower(c.job),
                                  round(extract(epoch FROM clock_timestamp() - c.updated_at))) AS found,
                           'It goes on where it was: changeover backfill ' || CASE c.job WHEN 'RESEED' THEN '--reseed ' ELSE '' END
                               || c.repository AS remedy
                      FROM changeover.copies c
                     WHERE NOT c.finished AND c.paused IS NULL
                       AND c.updated_at < clock_timestamp() - interval '5 minutes' ORDER BY c.repository"""),
            new SqlCheck("requests", "all are taken and worked on", """
                    SELECT 'WARN' AS verdict,
                           CASE q.state WHEN 'RUNNING' THEN format('request %s (%s) is touched by nobody', q.id, q.verb)
                                ELSE format('request %s (%s) was taken by nobody', q.id, q.verb) END AS found,
                           'Start an instance of the application that knows ' || q.repository || ' and takes requests' AS remedy
                      FROM changeover.request q
                     WHERE (q.state = 'RUNNING' AND q.updated_at < clock_timestamp() - interval '15 seconds')
                        OR (q.state = 'WAITING' AND q.requested_at < clock_timestamp() - interval '10 seconds')
                        OR (q.state = 'EXPIRED' AND q.expires_at > clock_timestamp() - interval '1 hour') ORDER BY q.id"""),
            new SqlCheck("divergences", "all have been reviewed", """
                    SELECT 'WARN' AS verdict, format('%s: %s unreviewed', v.repository, count(*)) AS found,
                           'changeover divergences ' || v.repository || ' --unreviewed' AS remedy
                      FROM changeover.divergences v WHERE v.unreviewed GROUP BY v.repository ORDER BY v.repository"""));
}
