package dev.changeover.core.internal;

import dev.changeover.core.EntityStore;
import dev.changeover.core.WatchedTable;
import dev.changeover.core.backfill.Finding;
import dev.changeover.core.backfill.Finding.Severity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequences of new. A copy brings its own keys, so that the sequence of a key stays behind; and a value that a sequence
 * has given does not come back, so that copies into a table that takes one cannot be tried.
 */
final class SequenceFindings {

    private static final String DEFAULTS = """
            SELECT a.attrelid::regclass::text, a.attname, d.refobjid::regclass::text, pg_sequence_last_value(d.refobjid)
              FROM pg_catalog.pg_attribute a
              JOIN (SELECT def.adrelid, def.adnum, dep.refobjid FROM pg_catalog.pg_attrdef def
                      JOIN pg_catalog.pg_depend dep ON dep.classid = 'pg_attrdef'::regclass AND dep.objid = def.oid
                       AND dep.refclassid = 'pg_class'::regclass
                      JOIN pg_catalog.pg_class s ON s.oid = dep.refobjid AND s.relkind = 'S'
                    UNION
                    SELECT dep.refobjid, dep.refobjsubid, dep.objid FROM pg_catalog.pg_depend dep
                      JOIN pg_catalog.pg_class s ON s.oid = dep.objid AND s.relkind = 'S'
                     WHERE dep.classid = 'pg_class'::regclass AND dep.refclassid = 'pg_class'::regclass
                       AND dep.deptype = 'i') d (relid, num, refobjid) ON d.relid = a.attrelid AND d.num = a.attnum
             WHERE a.attrelid = ANY (?::regclass[]::oid[])""";

    private SequenceFindings() {}

    /**
     * Returns whether copies can be tried without taking values of a sequence.
     *
     * @param greatest the greatest key of legacy if keys are numbers, else 0
     */
    static boolean of(Connection connection, EntityStore<?, ?> next, long greatest, Findings findings)
            throws SQLException {
        List<String> taken = new ArrayList<>();
        WatchedTable root = next.watchedTables().stream().findFirst().orElse(null);
        try (PreparedStatement statement = connection.prepareStatement(DEFAULTS)) {
            statement.setArray(1, connection.createArrayOf("text", next.tables().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(2);
                    boolean key = root != null
                            && root.keyColumn().replace("\"", "").equals(column)
                            && rows.getString(1)
                                    .replace("\"", "")
                                    .equals(root.table().replace("\"", ""));
                    if (!key) {
                        taken.add(rows.getString(3));
                    } else if (rows.getLong(4) < greatest) {
                        findings.add(
                                new Finding(
                                        Severity.WARN,
                                        "sequences behind the keys of legacy (" + rows.getString(3) + ")",
                                        1,
                                        List.of(),
                                        "Share the sequence of legacy, or align it before new leads: Sequences of new-adapter"));
                    }
                }
            }
        }
        if (!taken.isEmpty()) {
            findings.add(new Finding(
                    Severity.WARN,
                    "copies were not tried, since they may take values of " + String.join(", ", taken),
                    1,
                    List.of(),
                    "Only the mapping was tried. In DUAL_WRITE the dry run of the backfill tries all"));
        }
        return taken.isEmpty();
    }
}
