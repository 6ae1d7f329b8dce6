package dev.changeover.core.internal;

import dev.changeover.core.Side;
import dev.changeover.core.WatchedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The statements that put sentinels on the tables of one side of a repository, and take them away.
 *
 * <p>Details that cost data where they are missing: a setting that was local once is the empty string afterwards and not
 * null; a key that was changed counts twice, as it was and as it is; the triggers fire in every replication role; a
 * statement trigger takes the fence before the first row is changed; a TRUNCATE lists the keys while they are there. What
 * a routed write declared is told apart in the WHEN clause, so that it costs no function call.
 */
final class SentinelDdl {

    private static final String SEPARATOR = "E'\\x1f'";

    private final int repository;
    private final Side side;
    private final String keySqlType;

    SentinelDdl(int repository, Side side, String keySqlType) {
        this.repository = repository;
        this.side = side;
        this.keySqlType = keySqlType;
    }

    /**
     * Returns the statements that install the sentinels of these tables; those that are there are replaced, under a lock
     * that readers do not meet.
     */
    List<String> install(List<WatchedTable> tables) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            statements.add(function(i, tables.get(i)));
            statements.add("REVOKE ALL ON FUNCTION " + functionName(i) + "() FROM PUBLIC");
            statements.addAll(triggers(i, tables.get(i)));
        }
        return statements;
    }

    /** Returns the statement that removes the sentinels of a repository from tables that it does not name any more. */
    static String removeElsewhere(int repository, List<WatchedTable> named) {
        String names = named.stream()
                .map(table -> "'" + table.table().replace("'", "''") + "'")
                .collect(Collectors.joining(", "));
        return """
                DO $elsewhere$ DECLARE t record; BEGIN
                    FOR t IN SELECT tgname, tgrelid::regclass::text AS name FROM pg_catalog.pg_trigger
                              WHERE starts_with(tgname, 'changeover_%1$d_')
                                AND tgrelid <> ALL (SELECT n::regclass FROM unnest(ARRAY[%2$s]::text[]) n) LOOP
                        EXECUTE format('DROP TRIGGER %%I ON %%s', t.tgname, t.name);
                    END LOOP;
                END $elsewhere$""".formatted(repository, names);
    }

    /** Returns the statements that remove the sentinels of these tables. */
    List<String> remove(List<WatchedTable> tables) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            statements.addAll(remove(tables.get(i)));
            statements.add("DROP FUNCTION IF EXISTS " + functionName(i) + "()");
        }
        return statements;
    }

    private List<String> remove(WatchedTable table) {
        return List.of("statement", "insert", "update", "delete", "truncate").stream()
                .map(kind -> "DROP TRIGGER IF EXISTS " + triggerName(kind) + " ON " + table.table())
                .toList();
    }

    private String function(int index, WatchedTable table) {
        return """
                CREATE OR REPLACE FUNCTION %1$s() RETURNS trigger
                    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
                    SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
                BEGIN
                    IF TG_OP = 'INSERT' THEN
                        PERFORM changeover.note(%2$d, '%3$s', ARRAY[%4$s]);
                    ELSIF TG_OP = 'UPDATE' THEN
                        PERFORM changeover.note(%2$d, '%3$s', ARRAY[%5$s, %4$s]);
                    ELSIF TG_OP = 'DELETE' THEN
                        PERFORM changeover.note(%2$d, '%3$s', ARRAY[%5$s]);
                    ELSE
                        PERFORM changeover.note(%2$d, '%3$s', ARRAY(SELECT DISTINCT %6$s FROM %7$s AS t));
                    END IF;
                    RETURN NULL;
                END $$""".formatted(
                        functionName(index),
                        repository,
                        side.name(),
                        key("NEW", table),
                        key("OLD", table),
                        key("t", table),
                        table.table());
    }

    private List<String> triggers(int index, WatchedTable table) {
        String unsigned = "coalesce(" + setting() + ", '') = ''";
        List<String> statements = new ArrayList<>();
        statements.add("CREATE OR REPLACE TRIGGER " + triggerName("statement")
                + " BEFORE INSERT OR UPDATE OR DELETE ON " + table.table()
                + " FOR EACH STATEMENT WHEN (" + unsigned + ") EXECUTE FUNCTION changeover.sentinel_statement('"
                + repository + "', '" + side.name() + "')");
        statements.add(row("insert", index, table, undeclared("NEW", table)));
        statements.add(row(
                "update",
                index,
                table,
                "OLD OPERATOR(pg_catalog.*<>) NEW AND (" + undeclared("OLD", table) + " OR " + undeclared("NEW", table)
                        + ")"));
        statements.add(row("delete", index, table, undeclared("OLD", table)));
        statements.add("CREATE OR REPLACE TRIGGER " + triggerName("truncate") + " BEFORE TRUNCATE ON " + table.table()
                + " FOR EACH STATEMENT EXECUTE FUNCTION " + functionName(index) + "()");
        for (String kind : List.of("statement", "insert", "update", "delete", "truncate")) {
            statements.add("ALTER TABLE " + table.table() + " ENABLE ALWAYS TRIGGER " + triggerName(kind));
        }
        return statements;
    }

    private String row(String kind, int index, WatchedTable table, String condition) {
        return "CREATE OR REPLACE TRIGGER " + triggerName(kind) + " AFTER " + kind.toUpperCase(Locale.ROOT) + " ON "
                + table.table() + " FOR EACH ROW WHEN (" + condition + ") EXECUTE FUNCTION " + functionName(index)
                + "()";
    }

    private String undeclared(String row, WatchedTable table) {
        String undeclared = "pg_catalog.strpos(coalesce(" + setting() + ", ''), " + SEPARATOR + " || " + key(row, table)
                + " || " + SEPARATOR + ") = 0";
        // a text may hold the separator, and would pass for the two keys that it joins
        return keySqlType.equals("text")
                ? "(" + undeclared + " OR pg_catalog.strpos(" + key(row, table) + ", " + SEPARATOR + ") > 0)"
                : undeclared;
    }

    private String key(String row, WatchedTable table) {
        return row + "." + table.keyColumn() + "::" + keySqlType + "::text";
    }

    private String setting() {
        return "pg_catalog.current_setting('changeover." + side() + "_" + repository + "', true)";
    }

    private String triggerName(String kind) {
        return "changeover_" + repository + "_" + side() + "_" + kind;
    }

    private String functionName(int index) {
        return "changeover.sentinel_" + repository + "_" + side() + "_" + index;
    }

    private String side() {
        return side.name().toLowerCase(Locale.ROOT);
    }
}
