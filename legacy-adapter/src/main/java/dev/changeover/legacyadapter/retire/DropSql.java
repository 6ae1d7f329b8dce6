package dev.changeover.legacyadapter.retire;

import dev.changeover.core.MoveRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The statements that drop the legacy tables of a repository, their views, and the sentinels of both sides. */
final class DropSql {

    private static final String FENCE = """
            SELECT format('DO $fence$ BEGIN IF NOT changeover.close_fences(ARRAY[%1$s], 50) THEN RAISE EXCEPTION'
                          ' ''open transactions hold the fence: %%'', changeover.fence_holders(ARRAY[%1$s])'
                          ' USING ERRCODE = ''CO018''; END IF; END $fence$', r.number)
              FROM changeover.repository r WHERE r.name = ?""";

    private static final String TRIGGERS = """
            SELECT format('DROP TRIGGER %I ON %I.%I', t.tgname, n.nspname, c.relname)
              FROM changeover.repository r JOIN pg_trigger t ON starts_with(t.tgname, 'changeover_' || r.number || '_')
              JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE r.name = ? AND NOT t.tgisinternal ORDER BY c.oid, t.tgname""";

    private static final String FUNCTIONS = """
            SELECT format('DROP FUNCTION changeover.%I()', f.proname)
              FROM changeover.repository r JOIN pg_proc f ON starts_with(f.proname, 'sentinel_' || r.number || '_')
             WHERE r.name = ? AND f.pronamespace = 'changeover'::regnamespace ORDER BY f.proname""";

    private static final String OTHERS = """
            SELECT string_agg(format('%s, which is in %s', o.name, o.stage), ', ' ORDER BY o.name)
              FROM changeover.repository o JOIN changeover.repository r ON o.name <> r.name
             WHERE r.name = ? AND o.stage <> 'NEW_ONLY'
               AND EXISTS (SELECT FROM unnest(o.legacy_tables) a JOIN unnest(r.legacy_tables) b ON to_regclass(a) = to_regclass(b))""";

    /** Another repository that had the same tables may have dropped them. */
    private static final String THERE = """
            SELECT n FROM unnest(?::text[]) WITH ORDINALITY u (n, o) WHERE to_regclass(n) IS NOT NULL ORDER BY o""";

    private DropSql() {}

    /** One statement drops all tables, so that they may refer to each other; what else refers to them is an error. */
    static List<String> of(Connection connection, String repository, List<String> recorded) throws SQLException {
        String others = Sql.text(connection, OTHERS, repository);
        if (others != null) {
            throw new MoveRefusedException("CO025", "The legacy tables are in use by " + others, null);
        }
        List<String> names = Sql.texts(connection, THERE, Sql.array(connection, recorded));
        List<String> statements = new ArrayList<>(Sql.texts(connection, FENCE, repository));
        statements.addAll(LiveRename.locks(connection, names));
        statements.addAll(Sql.texts(connection, TRIGGERS, repository));
        List<LegacyTable> tables = LegacyBackup.ordered(connection, LegacyTable.find(connection, names));
        List<String> dropped = new ArrayList<>();
        for (LegacyTable table : tables) {
            LegacyTable view = new StandIn(connection).standsFor(table);
            if (view != null) {
                statements.add("DROP VIEW " + view.quoted());
            }
            dropped.add(0, table.quoted());
        }
        if (!dropped.isEmpty()) {
            statements.add("DROP TABLE " + String.join(", ", dropped));
        }
        statements.addAll(Sql.texts(connection, FUNCTIONS, repository));
        return statements;
    }
}
