package dev.changeover.legacyadapter.retire;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What depends on the legacy tables of a repository without being of them, and would be in the way of a drop. */
final class Dependents {

    private static final String SQL = """
            WITH r AS (SELECT * FROM changeover.repository WHERE name = ?),
            tables AS (SELECT c.oid, c.reltype, c.relname, c.relnamespace FROM r CROSS JOIN unnest(r.legacy_tables) n (name)
                         JOIN pg_class c ON c.oid = to_regclass(n.name)),
            gone AS (
                SELECT t.oid FROM tables t
                UNION SELECT t.reltype FROM tables t
                UNION SELECT d.objid FROM pg_depend d JOIN tables t ON d.refobjid = t.oid
                       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                         AND d.deptype IN ('a', 'i')
                UNION SELECT v.oid FROM tables t JOIN pg_namespace n ON n.oid = t.relnamespace
                         JOIN pg_class v ON v.relnamespace = t.relnamespace AND v.relkind = 'v'
                          AND obj_description(v.oid, 'pg_class') = format('changeover: stands for "%s"."%s"',
                              replace(n.nspname, '"', '""'), replace(t.relname, '"', '""')))
            SELECT DISTINCT CASE
                       WHEN d.classid = 'pg_rewrite'::regclass
                       THEN (SELECT pg_describe_object('pg_class'::regclass, w.ev_class, 0) FROM pg_rewrite w WHERE w.oid = d.objid)
                       ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END
              FROM pg_depend d
             WHERE d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass) AND d.refobjid IN (SELECT oid FROM gone)
               AND d.deptype = 'n' AND d.objid NOT IN (SELECT oid FROM gone)
               AND NOT (d.classid = 'pg_rewrite'::regclass
                        AND EXISTS (SELECT FROM pg_rewrite w WHERE w.oid = d.objid AND w.ev_class IN (SELECT oid FROM gone)))
               AND NOT EXISTS (SELECT FROM pg_depend o WHERE o.classid = d.classid AND o.objid = d.objid
                                  AND o.deptype IN ('a', 'i') AND o.refobjid IN (SELECT oid FROM gone))
            UNION
            SELECT format('repository %s, which is in %s', o.name, o.stage)
              FROM changeover.repository o JOIN r ON o.name <> r.name
             WHERE o.stage <> 'NEW_ONLY' AND EXISTS (
                SELECT FROM unnest(o.legacy_tables) a JOIN unnest(r.legacy_tables) b ON to_regclass(a) = to_regclass(b))
            ORDER BY 1""";

    private Dependents() {}

    static List<String> of(Connection connection, String repository) throws SQLException {
        return Sql.texts(connection, SQL, repository);
    }
}
