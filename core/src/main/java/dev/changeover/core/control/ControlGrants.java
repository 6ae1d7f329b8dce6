package dev.changeover.core.control;

import dev.changeover.core.ConfigurationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Asks at the start for what would otherwise be found missing at the first write whose follower fails. Rights to move
 * are not asked for: a DBA may keep them from the application.
 */
final class ControlGrants {

    private static final String SCHEMA = """
            SELECT current_user, CASE WHEN to_regnamespace('changeover') IS NOT NULL
                                       AND NOT has_schema_privilege('changeover', 'USAGE')
                                      THEN 'USAGE on the schema' END""";

    private static final String OBJECTS = """
            SELECT current_user, string_agg(missing, ', ' ORDER BY missing) FROM (
                SELECT format('%s on %s', p, t) FROM (VALUES
                    ('repository', 'SELECT'), ('percentage', 'SELECT'), ('mark', 'SELECT,INSERT,DELETE'),
                    ('attempt', 'SELECT,INSERT,UPDATE,DELETE'), ('checkpoint', 'SELECT,INSERT,UPDATE,DELETE'),
                    ('key_range', 'SELECT,INSERT,UPDATE,DELETE'), ('copy_pace', 'SELECT'), ('copies', 'SELECT'),
                    ('comparison', 'SELECT'), ('call', 'SELECT'), ('verification', 'SELECT'), ('verification_key', 'SELECT'), ('divergence', 'SELECT'), ('divergence_shed', 'SELECT'), ('divergence_history', 'SELECT'),
                    ('foreign_change', 'SELECT,INSERT,DELETE')) v (t, privileges), string_to_array(privileges, ',') a, unnest(a) p
                 WHERE NOT has_table_privilege('changeover.' || t, p)
                UNION ALL
                SELECT format('EXECUTE on %s', f.proname) FROM pg_catalog.pg_proc f
                 WHERE f.pronamespace = 'changeover'::regnamespace
                   AND f.proname IN ('register', 'heartbeat', 'enter', 'ask', 'ask_any', 'lineage', 'key_lock', 'try_key_locks', 'nest', 'asleep', 'open_follower',
                                     'close_follower', 'open_folded', 'close_folded', 'open_parents', 'mark', 'leave', 'sign', 'unsign',
                                     'sign_of', 'authority', 'follower', 'sign_copy', 'unsign_copies', 'take_collected',
                                     'clear_marks', 'fold_foreign_changes', 'enter_copy', 'record_divergences', 'verification_begins',
                                     'verification_goes_on', 'verification_taken_up', 'verification_rate', 'repair_begins', 'request_arguments', 'take_request', 'request_goes_on', 'end_request',
                                     'cancel_request', 'measure', 'begin_copy', 'take_range', 'cut_range', 'advance_range',
                                     'pace_copies', 'look_at_legacy')
                   AND NOT has_function_privilege(f.oid, 'EXECUTE')) m (missing)""";

    private ControlGrants() {}

    static void checkSchema(Connection connection) throws SQLException {
        check(connection, SCHEMA);
    }

    static void checkObjects(Connection connection) throws SQLException {
        check(connection, OBJECTS);
    }

    private static void check(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            String missing = rows.getString(2);
            if (missing != null) {
                String role = rows.getString(1);
                throw new ConfigurationException(
                        "schema changeover",
                        "the role " + role + " lacks " + missing,
                        "Apply ControlSchema.grants(\"" + role + "\")");
            }
        }
    }
}
