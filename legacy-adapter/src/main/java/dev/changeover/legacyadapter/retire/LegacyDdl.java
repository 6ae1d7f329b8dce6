package dev.changeover.legacyadapter.retire;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements that make tables again after they were dropped, from PostgreSQL's own functions. They keep columns with
 * types, collations, defaults, identity and generation; sequences that the table owns, with their position; check,
 * primary key, unique, exclusion and foreign key constraints; indexes; triggers that are not sentinels; row security with
 * its policies; comments on the table; owner and rights. They do not keep statistics objects, rules, storage settings,
 * inheritance, partitions, publications, replica identities, comments on columns, and what others had built on the tables.
 */
final class LegacyDdl {

    private static final String OPTIONS = """
            format('INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', q.seqincrement, q.seqmin, q.seqmax, q.seqstart,
                   q.seqcache, CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END)""";

    private static final String SEQUENCES = """
            SELECT format('CREATE SEQUENCE %s AS %s ', s.oid::regclass, format_type(q.seqtypid, NULL)) || {options}
              FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_sequence q ON q.seqrelid = s.oid
             WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::oid
               AND d.deptype = 'a' ORDER BY s.oid""".replace("{options}", OPTIONS);

    private static final String TABLE = """
            SELECT format(E'CREATE TABLE %I.%I (\\n    %s)', n.nspname, c.relname, string_agg(
                       format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                           CASE WHEN a.attcollation <> 0 AND a.attcollation <> t.typcollation
                                THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END,
                           CASE WHEN a.attidentity <> ''
                                THEN format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %s ',
                                            CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, q.seqrelid::regclass)
                                     || {options} || ')'
                                WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                                WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s) VIRTUAL', pg_get_expr(d.adbin, d.adrelid))
                                WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END,
                           CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END), E',\\n    ' ORDER BY a.attnum))
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
              LEFT JOIN (pg_depend i JOIN pg_sequence q ON q.seqrelid = i.objid)
                     ON i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass AND i.refobjid = c.oid
                    AND i.refobjsubid = a.attnum AND i.deptype = 'i'
             WHERE c.oid = ?::oid GROUP BY n.nspname, c.relname""".replace("{options}", OPTIONS);

    private static final String OWNED = """
            SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', s.oid::regclass, d.refobjid::regclass, a.attname)
              FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
              JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::oid
               AND d.deptype = 'a' ORDER BY s.oid""";

    /** What asks each sequence where it is. One that was restarted has a position, too, and no last value. */
    private static final String POSITIONS = """
            SELECT format('SELECT format(''SELECT setval(%%L, %%s, %%L)'', %L, last_value, is_called) FROM %s',
                          s.oid::regclass, s.oid::regclass)
              FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
             WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::oid
               AND d.deptype IN ('a', 'i') ORDER BY s.oid""";

    private static final String CONSTRAINTS = """
            SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
              FROM pg_constraint c WHERE c.conrelid = ?::oid AND c.contype IN ('c', 'p', 'u', 'x')
             ORDER BY position(c.contype::text IN 'pucx'), c.conname""";

    private static final String FOREIGN_KEYS = """
            SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
              FROM pg_constraint c WHERE c.conrelid = ?::oid AND c.contype = 'f' ORDER BY c.conname""";

    private static final String INDEXES = """
            SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
             WHERE i.indrelid = ?::oid AND i.indisvalid
               AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
             ORDER BY i.indexrelid""";

    private static final String TRIGGERS = """
            SELECT x.s FROM pg_trigger t CROSS JOIN LATERAL (
                SELECT 0 AS n, pg_get_triggerdef(t.oid) AS s
                UNION ALL
                SELECT 1, format('ALTER TABLE %s %s TRIGGER %I', t.tgrelid::regclass,
                                 CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'DISABLE' END,
                                 t.tgname) WHERE t.tgenabled <> 'O') x
             WHERE t.tgrelid = ?::oid AND NOT t.tgisinternal AND t.tgname !~ '^changeover_[0-9]+_' ORDER BY t.tgname, x.n""";

    private static final String POLICIES = """
            SELECT x.s FROM pg_class c CROSS JOIN LATERAL (
                SELECT 0 AS n, format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.policyname, c.oid::regclass, p.permissive,
                           p.cmd, (SELECT string_agg(CASE r WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(r) END, ', ')
                                     FROM unnest(p.roles) r),
                           ' USING (' || p.qual || ')', ' WITH CHECK (' || p.with_check || ')') AS s
                  FROM pg_policies p JOIN pg_namespace n ON n.nspname = p.schemaname
                 WHERE n.oid = c.relnamespace AND p.tablename = c.relname
                UNION ALL SELECT 1, format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', c.oid::regclass) WHERE c.relrowsecurity
                UNION ALL SELECT 1, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass)
                           WHERE c.relforcerowsecurity) x
             WHERE c.oid = ?::oid ORDER BY x.n, x.s""";

    /** What ALTER DEFAULT PRIVILEGES gives away of a new table goes first, the old one perhaps did not have it. */
    private static final String RIGHTS = """
            SELECT x.s FROM pg_class b JOIN pg_class c ON c.oid = b.oid OR (c.relkind = 'S' AND EXISTS (
                SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid = b.oid AND d.deptype IN ('a', 'i')))
              CROSS JOIN LATERAL (
                SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE '' END || c.oid::regclass AS name) o
              CROSS JOIN LATERAL (
                SELECT 0 AS n, format('COMMENT ON TABLE %s IS %L', o.name, obj_description(c.oid, 'pg_class')) AS s
                 WHERE c.oid = b.oid AND obj_description(c.oid, 'pg_class') IS NOT NULL
                UNION
                SELECT 1, format('REVOKE ALL ON %s FROM %s', o.name,
                           CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END)
                  FROM pg_default_acl d CROSS JOIN aclexplode(d.defaclacl) g
                 WHERE d.defaclobjtype = CASE c.relkind WHEN 'S' THEN 'S'::"char" ELSE 'r' END
                   AND d.defaclnamespace IN (0, c.relnamespace) AND g.grantee <> c.relowner
                UNION ALL
                SELECT 2, format('GRANT %s ON %s TO %s%s', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type), o.name,
                           CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                           CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                  FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner GROUP BY g.grantee, g.is_grantable
                UNION ALL
                SELECT 3, format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type, a.attname, o.name,
                           CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                           CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                  FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) g
                 WHERE a.attrelid = c.oid AND NOT a.attisdropped AND g.grantee <> c.relowner
                UNION ALL
                SELECT 4, format('ALTER TABLE %s OWNER TO %I', o.name, pg_get_userbyid(c.relowner)) WHERE c.oid = b.oid) x
             WHERE b.oid = ?::oid ORDER BY x.n, x.s""";

    /** What comes before the rows, and what comes after them. */
    static final String ROWS = "-- the rows are copied here";

    private final Connection connection;

    /** Names are printed as a search path needs them, so that must be pg_catalog alone. */
    LegacyDdl(Connection connection) {
        this.connection = connection;
    }

    /** Returns the whole script, each statement on lines of its own that end with a semicolon. */
    String script(List<LegacyTable> tables) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (String sql : List.of(SEQUENCES, TABLE)) {
            statements.addAll(of(tables, sql));
        }
        String before = join(statements);
        statements.clear();
        for (String sql : List.of(CONSTRAINTS, INDEXES, FOREIGN_KEYS, OWNED)) {
            statements.addAll(of(tables, sql));
        }
        for (String position : of(tables, POSITIONS)) {
            statements.addAll(Sql.texts(connection, position));
        }
        for (String sql : List.of(TRIGGERS, POLICIES, RIGHTS)) {
            statements.addAll(of(tables, sql));
        }
        return before + ROWS + "\n" + join(statements);
    }

    private List<String> of(List<LegacyTable> tables, String sql) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (LegacyTable table : tables) {
            statements.addAll(Sql.texts(connection, sql, table.oid()));
        }
        return statements;
    }

    private static String join(List<String> statements) {
        StringBuilder text = new StringBuilder();
        statements.forEach(statement -> text.append(statement).append(";\n"));
        return text.toString();
    }
}
