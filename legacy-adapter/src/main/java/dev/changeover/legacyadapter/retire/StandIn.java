package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements that rename a table and put a view in its place, which an old build reads and writes as if it were the
 * table; and those that undo it. They are made from the catalogue, where owner, rights and defaults are.
 */
final class StandIn {

    static final String SUFFIX = "_old";

    /** Where a name ends; PostgreSQL would cut what is longer, and two names could become one. */
    private static final int LONGEST = 63;

    private static final String VIEW = """
            SELECT format('CREATE VIEW %I.%I%s AS SELECT %s FROM %I.%I', n.nspname, c.relname, ?::text,
                          string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum), n.nspname, ?::text)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.oid = ?::oid GROUP BY n.nspname, c.relname""";

    private static final String OWNER = """
            SELECT format('ALTER VIEW %I.%I OWNER TO %I', n.nspname, c.relname, pg_get_userbyid(c.relowner))
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = ?::oid AND pg_get_userbyid(c.relowner) <> current_user""";

    /** What ALTER DEFAULT PRIVILEGES has given away of the new view, and of the table perhaps not. */
    private static final String UNASKED = """
            SELECT DISTINCT format('REVOKE ALL ON %I.%I FROM %s', n.nspname, c.relname,
                                   CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_default_acl d ON d.defaclobjtype = 'r' AND d.defaclnamespace IN (0, c.relnamespace)
                                   AND pg_get_userbyid(d.defaclrole) = current_user
              CROSS JOIN aclexplode(d.defaclacl) a
             WHERE c.oid = ?::oid AND a.grantee <> c.relowner ORDER BY 1""";

    private static final String GRANTS = """
            SELECT format('GRANT %s%s ON %I.%I TO %s%s', g.privileges, g.columns, n.nspname, c.relname,
                          CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                          CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              CROSS JOIN LATERAL (
                SELECT string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type) AS privileges, '' AS columns, x.grantee,
                       x.is_grantable, 0 AS attnum
                  FROM aclexplode(c.relacl) x WHERE x.grantee <> c.relowner GROUP BY x.grantee, x.is_grantable
                UNION ALL
                SELECT x.privilege_type, format(' (%I)', a.attname), x.grantee, x.is_grantable, a.attnum
                  FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) x
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND x.grantee <> c.relowner) g
             WHERE c.oid = ?::oid ORDER BY g.attnum, g.grantee, g.privileges""";

    /** The table gives them to a row in any case; on the view they are for who asks the catalogue for them. */
    private static final String DEFAULTS = """
            SELECT format('ALTER VIEW %I.%I ALTER COLUMN %I SET DEFAULT %s', n.nspname, c.relname, a.attname,
                          pg_get_expr(d.adbin, d.adrelid))
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
              JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
             WHERE c.oid = ?::oid ORDER BY a.attnum""";

    private static final String UNFIT = """
            SELECT CASE
                WHEN EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid) THEN 'it is a partition or inherits'
                WHEN c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid)
                    THEN 'other tables inherit from it, and ONLY means nothing to a view'
                WHEN c.relrowsecurity AND current_setting('server_version_num')::int < 150000
                    THEN 'it has row security, which a view of this server would get round'
                WHEN EXISTS (SELECT 1 FROM pg_publication_tables p JOIN pg_namespace n ON n.nspname = p.schemaname
                              WHERE n.oid = c.relnamespace AND p.tablename = c.relname)
                    THEN 'it is published, and subscribers find a table by its name'
                WHEN EXISTS (SELECT 1 FROM pg_subscription_rel s WHERE s.srrelid = c.oid)
                    THEN 'it is filled by a subscription, which finds a table by its name' END
              FROM pg_class c WHERE c.oid = ?::oid""";

    private static final String BUILT = """
            SELECT obj_description(to_regclass(?), 'pg_class')""";

    /** Sentinels are told by names which tables they watch, and one of their functions reads the table. */
    private static final String SENTINELS = """
            SELECT DISTINCT regexp_replace(pg_get_functiondef(t.tgfoid), E' FROM [^\\n]* AS t\\\\)\\\\)',
                       replace(format(' FROM %I.%I AS t))', n.nspname, ?::text), E'\\\\', E'\\\\\\\\'))
              FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE t.tgrelid = ?::oid AND t.tgname ~ '^changeover_[0-9]+_(legacy|new)_truncate$'""";

    private static final String RECORDED = """
            SELECT format('SELECT changeover.renaming(%L, %L)', ?::text, ?::text)
             WHERE to_regprocedure('changeover.renaming(text,text)') IS NOT NULL""";

    private final Connection connection;

    StandIn(Connection connection) {
        this.connection = connection;
    }

    /** Returns the statements that rename a table, and leave a view with its name where that is wanted. */
    List<String> rename(LegacyTable table, boolean withView) throws SQLException {
        LegacyTable renamed = renamed(table);
        refuse(table, renamed, withView);
        List<String> statements = new ArrayList<>(moved(table, renamed));
        if (withView) {
            boolean invoker = connection.getMetaData().getDatabaseMajorVersion() >= 15;
            String options = invoker ? " WITH (security_invoker = true)" : "";
            statements.addAll(Sql.texts(connection, VIEW, options, renamed.name(), table.oid()));
            statements.add("COMMENT ON VIEW " + table.quoted() + " IS " + Sql.literal(comment(renamed)));
            for (String part : List.of(OWNER, UNASKED, GRANTS, DEFAULTS)) {
                statements.addAll(Sql.texts(connection, part, table.oid()));
            }
        }
        return statements;
    }

    /** Returns the statements that give a renamed table its name back. */
    List<String> back(LegacyTable renamed) throws SQLException {
        LegacyTable table = original(renamed);
        List<String> statements = new ArrayList<>();
        if (standsFor(renamed) != null) {
            statements.add("DROP VIEW " + table.quoted());
        } else if (exists(table)) {
            throw new ConfigurationException(
                    table.quoted(),
                    "it is not the view that stands for " + renamed.quoted(),
                    "Rename by hand what has this name now");
        }
        statements.addAll(moved(renamed, table));
        return statements;
    }

    /** Returns the name of the view that stands for a renamed table, or null if there is none. */
    @Nullable
    LegacyTable standsFor(LegacyTable renamed) throws SQLException {
        if (!renamed.name().endsWith(SUFFIX)) {
            return null;
        }
        LegacyTable view = original(renamed);
        return comment(renamed).equals(Sql.text(connection, BUILT, view.quoted())) ? view : null;
    }

    private static LegacyTable original(LegacyTable renamed) {
        if (!renamed.name().endsWith(SUFFIX)) {
            throw new ConfigurationException(renamed.quoted(), "it was not renamed", "Name the renamed table");
        }
        return renamed.named(renamed.name().substring(0, renamed.name().length() - SUFFIX.length()));
    }

    private boolean exists(LegacyTable table) throws SQLException {
        return Sql.text(connection, "SELECT to_regclass(?)", table.quoted()) != null;
    }

    private List<String> moved(LegacyTable from, LegacyTable to) throws SQLException {
        List<String> statements = new ArrayList<>(Sql.texts(connection, RECORDED, from.quoted(), to.quoted()));
        statements.add("ALTER TABLE " + from.quoted() + " RENAME TO " + Sql.quote(to.name()));
        statements.addAll(Sql.texts(connection, SENTINELS, to.name(), from.oid()));
        return statements;
    }

    static LegacyTable renamed(LegacyTable table) {
        return table.named(table.name() + SUFFIX);
    }

    private void refuse(LegacyTable table, LegacyTable renamed, boolean withView) throws SQLException {
        if (renamed.name().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new ConfigurationException(
                    table.quoted(), "with " + SUFFIX + " its name would be too long", "Rename it by hand");
        }
        if (exists(renamed)) {
            throw new ConfigurationException(
                    table.quoted(), "there is " + renamed.quoted() + " already", "Rename or drop that first");
        }
        String unfit = Sql.text(connection, UNFIT, table.oid());
        if (unfit != null && (withView || !unfit.contains("row security"))) {
            throw new ConfigurationException(table.quoted(), unfit, "Take it out of that first, or rename it by hand");
        }
    }

    private static String comment(LegacyTable renamed) {
        return "changeover: stands for " + renamed.quoted();
    }
}
