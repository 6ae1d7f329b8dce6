package dev.changeover.core.internal;

import dev.changeover.core.EntityStore;
import dev.changeover.core.WatchedTable;
import dev.changeover.core.backfill.Finding;
import dev.changeover.core.backfill.Finding.Severity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What the catalog of the server says of a backfill before it begins. */
final class CatalogFindings {

    private static final String GRANTS = """
            SELECT format('%s on %s', x.p, x.t) FROM (
                SELECT n.t, w.p FROM unnest(?::text[]) n (t), unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) w (p)
                UNION ALL SELECT l.t, 'SELECT' FROM unnest(?::text[]) l (t)) x (t, p)
             WHERE NOT has_table_privilege(x.t, x.p)""";

    private static final String HIDDEN = """
            SELECT t FROM unnest(?::text[]) t WHERE row_security_active(t::regclass)""";

    private static final String DEFERRABLE = """
            SELECT format('%s of %s', c.conname, c.conrelid::regclass) FROM pg_catalog.pg_constraint c
             WHERE c.condeferrable AND c.conrelid = ANY (?::regclass[]::oid[])""";

    private static final String UNINDEXED = """
            SELECT format('%s of %s', c.conname, c.conrelid::regclass) FROM pg_catalog.pg_constraint c
             WHERE c.contype = 'f' AND c.conrelid = ANY (?::regclass[]::oid[])
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                                WHERE i.indrelid = c.conrelid AND i.indpred IS NULL AND i.indisvalid
                                  AND c.conkey @> (i.indkey::int2[])[0:cardinality(c.conkey) - 1]
                                  AND cardinality((i.indkey::int2[])[0:cardinality(c.conkey) - 1]) = cardinality(c.conkey))""";

    private static final String NO_KEY = """
            SELECT ?::regclass::text
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a
                                 ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                                WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
                                  AND i.indnkeyatts = 1 AND quote_ident(a.attname) = quote_ident(replace(btrim(?, '"'), '""', '"')))""";

    private CatalogFindings() {}

    static void of(Connection connection, EntityStore<?, ?> legacy, EntityStore<?, ?> next, Findings findings)
            throws SQLException {
        Object[] newTables = next.tables().toArray();
        Object[] oldTables = legacy.tables().toArray();
        found(
                connection,
                findings,
                Severity.FAIL,
                "missing grants",
                "Grant them to the role of the application",
                GRANTS,
                newTables,
                oldTables);
        for (Object[] tables : List.of(oldTables, newTables)) {
            found(
                    connection,
                    findings,
                    Severity.FAIL,
                    "tables with rows that a policy hides from this role",
                    "Exempt the role: BYPASSRLS, or the owner without FORCE",
                    HIDDEN,
                    new Object[][] {tables});
        }
        found(
                connection,
                findings,
                Severity.INFO,
                "deferrable constraints, which copies make speak in their chunk",
                "Nothing to do",
                DEFERRABLE,
                new Object[][] {newTables});
        found(
                connection,
                findings,
                Severity.WARN,
                "foreign keys without an index",
                "Build one concurrently before or after the backfill: each removal of a parent scans the table",
                UNINDEXED,
                new Object[][] {newTables});
        for (WatchedTable root : next.watchedTables().stream().limit(1).toList()) {
            noKey(connection, findings, root);
        }
    }

    /** What a repository depends on comes before it. */
    static void parents(Connection connection, String repository, Findings findings) throws SQLException {
        for (String parent : CopyOrder.unfilledParents(connection, repository)) {
            String what = "parents that are not backfilled yet (" + parent + ")";
            String remedy = "Backfill them first: new refuses children without their parents";
            findings.add(new Finding(Severity.WARN, what, 1, List.of(), remedy));
        }
    }

    private static void noKey(Connection connection, Findings findings, WatchedTable root) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NO_KEY)) {
            statement.setString(1, root.table());
            statement.setString(2, root.table());
            statement.setString(3, root.keyColumn());
            add(
                    statement,
                    findings,
                    Severity.FAIL,
                    "tables without a unique index on the key",
                    "Build one: without it a key could be copied twice");
        }
    }

    private static void found(
            Connection connection,
            Findings findings,
            Severity severity,
            String what,
            String remedy,
            String sql,
            Object[]... arrays)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arrays.length; i++) {
                statement.setArray(i + 1, connection.createArrayOf("text", arrays[i]));
            }
            add(statement, findings, severity, what, remedy);
        }
    }

    private static void add(
            PreparedStatement statement, Findings findings, Severity severity, String what, String remedy)
            throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                findings.add(new Finding(severity, what + " (" + rows.getString(1) + ")", 1, List.of(), remedy));
            }
        }
    }
}
