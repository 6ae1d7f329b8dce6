package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.SqlTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Renames tables while an old build reads and writes them: {@code users} becomes {@code users_old}, and a view named
 * {@code users} takes its place in the same transaction, under one short lock. Rows, indexes, foreign keys, sequences,
 * triggers and sentinels stay with the table; owner, rights and defaults are copied to the view. Callers wait for at most
 * a round and see no error, and statements that they prepared before go on.
 *
 * <p>What a view cannot do, and answers with an error: TRUNCATE, COPY by its name, MERGE before PostgreSQL 17, {@code ON
 * CONFLICT ON CONSTRAINT}, {@code GROUP BY} the key alone with other columns selected, {@code WHERE CURRENT OF}, TABLESAMPLE,
 * setting an identity to DEFAULT by UPDATE, system columns such as {@code xmin} and {@code ctid}, and DDL. What answers
 * otherwise: {@code pg_get_serial_sequence}, and {@code TG_TABLE_NAME} in a trigger, which is the new name. A function whose
 * argument is declared with the table's row type goes with the renamed table.
 *
 * <p>Refused are partitions, tables that inherit or are inherited from, tables that are published or filled by a
 * subscription, and before PostgreSQL 15 tables with row security.
 *
 * <pre>{@code
 * LiveRename rename = LiveRename.of(pool);
 * System.out.println(rename.script(List.of("public.users"), true));
 * rename.run(List.of("public.users"), true);
 * rename.back(List.of("public.users_old"));
 * }</pre>
 *
 * <p>Immutable.
 */
public final class LiveRename {

    private final DataSource dataSource;
    private final MoveRounds rounds;

    private LiveRename(DataSource dataSource, MoveRounds rounds) {
        this.dataSource = dataSource;
        this.rounds = rounds;
    }

    /** Returns a rename on connections of this source, whose role owns the tables; in rounds as a move has them. */
    public static LiveRename of(DataSource dataSource) {
        return new LiveRename(dataSource, MoveRounds.DEFAULTS);
    }

    /** Returns the same with other rounds. */
    public LiveRename withRounds(MoveRounds other) {
        return new LiveRename(dataSource, other);
    }

    /**
     * Returns the script that {@link #run} would run now.
     *
     * @param tables as SQL names them, qualified
     * @param withView whether a view takes the place of each
     */
    public String script(List<String> tables, boolean withView) {
        return script(tables, connection -> renames(connection, tables, withView));
    }

    /** Returns the script that {@link #back} would run now. */
    public String backScript(List<String> renamed) {
        return script(renamed, connection -> backs(connection, renamed));
    }

    /**
     * Renames tables, all of them or none.
     *
     * @param tables as SQL names them, qualified
     * @param withView whether a view takes the place of each
     * @return the statements that were run
     * @throws MoveRefusedException if open transactions hold a table; nothing was changed then
     * @throws dev.changeover.core.ConfigurationException if a table cannot be renamed so, with the remedy
     */
    public List<String> run(List<String> tables, boolean withView) {
        return locked("The rename", tables, connection -> renames(connection, tables, withView));
    }

    /**
     * Drops the views and gives renamed tables their names back, all of them or none.
     *
     * @param renamed the renamed tables as SQL names them, qualified
     * @return the statements that were run
     */
    public List<String> back(List<String> renamed) {
        return locked("The rename back", renamed, connection -> backs(connection, renamed));
    }

    /** The same inside a transaction that holds its locks and limits. */
    static List<String> renames(Connection connection, List<String> tables, boolean withView) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (LegacyTable table : LegacyTable.find(connection, tables)) {
            statements.addAll(new StandIn(connection).rename(table, withView));
        }
        return statements;
    }

    /** The same for the way back. */
    static List<String> backs(Connection connection, List<String> renamed) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (LegacyTable table : LegacyTable.find(connection, renamed)) {
            statements.addAll(new StandIn(connection).back(table));
        }
        return statements;
    }

    /**
     * Returns the statements that lock tables, always in one order. Who writes through a view locks first the view and
     * then the table: locked in the other order, a round would meet somebody half-way every time.
     */
    static List<String> locks(Connection connection, List<String> tables) throws SQLException {
        List<LegacyTable> found = new ArrayList<>(LegacyTable.find(connection, tables));
        found.sort(Comparator.comparingLong(LegacyTable::oid));
        List<String> locks = new ArrayList<>();
        for (LegacyTable table : found) {
            LegacyTable view = new StandIn(connection).standsFor(table);
            locks.add("LOCK TABLE " + (view == null ? table : view).quoted() + " IN ACCESS EXCLUSIVE MODE");
        }
        return locks;
    }

    private String script(List<String> tables, SqlTransaction.Work<List<String>> plan) {
        try {
            return SqlTransaction.snapshot(dataSource, connection -> {
                Sql.run(connection, List.of("SET LOCAL search_path = pg_catalog"));
                return text(locks(connection, tables), plan.on(connection));
            });
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    static String text(List<String> locks, List<String> statements) {
        String head = "BEGIN;\nSET LOCAL lock_timeout = '50ms';\nSET LOCAL search_path = pg_catalog;\n";
        return head
                + List.of(locks, statements).stream()
                        .flatMap(List::stream)
                        .map(statement -> statement.strip() + ";\n")
                        .collect(Collectors.joining())
                + "COMMIT;\n";
    }

    private List<String> locked(String what, List<String> tables, SqlTransaction.Work<List<String>> plan) {
        try {
            return new ShortLocks(dataSource, rounds).run(what, tables.size(), connection -> {
                Sql.run(connection, locks(connection, tables));
                List<String> statements = plan.on(connection);
                Sql.run(connection, statements);
                return statements;
            });
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static ChangeoverException failed(SQLException e) {
        return new ChangeoverException("Nothing was renamed: " + e.getMessage(), e);
    }
}
