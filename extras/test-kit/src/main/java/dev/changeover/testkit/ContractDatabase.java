package dev.changeover.testkit;

import dev.changeover.core.control.ControlSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database of a {@link TransitionContract}, each time in a transaction of its own. */
final class ContractDatabase {

    private static final String DEADLOCK = "40P01";
    private static final String LOCK_TIMEOUT = "55P03";
    private static final int MOST_DEADLOCKS = 5;

    /** Sentinels would take the emptying of a table for a stranger's work. */
    private static final String SENTINELS = """
            SELECT format('ALTER TABLE %s {} TRIGGER %I', t.tgrelid::regclass, t.tgname) FROM pg_trigger t
            WHERE t.tgname ~ '^changeover_[0-9]+_(legacy|new)_' AND NOT t.tgisinternal ORDER BY 1""";

    private final TransitionContract<?, ?, ?> contract;
    private final DataSource dataSource;

    ContractDatabase(TransitionContract<?, ?, ?> contract) {
        this.contract = contract;
        this.dataSource = contract.dataSource();
    }

    /** Something to do in a transaction. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Runs work in a transaction of its own and commits it. */
    <T extends @Nullable Object> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean before = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } finally {
                connection.rollback();
                connection.setAutoCommit(before);
            }
        }
    }

    /** Begins a control schema that knows of nothing, with both sides empty. */
    void begin() throws SQLException {
        inTransaction(connection -> {
            execute(connection, "DROP SCHEMA IF EXISTS changeover CASCADE");
            ControlSchema.apply(connection);
            return true;
        });
        empty();
    }

    /** Empties both sides but for the parents. */
    void empty() throws SQLException {
        for (int deadlocks = 0; ; deadlocks++) {
            try {
                inTransaction(this::empty);
                return;
            } catch (SQLException e) {
                // somebody in the background, such as a comparison, reads the tables in another order
                if (LOCK_TIMEOUT.equals(e.getSQLState())) {
                    throw leftOpen(e);
                } else if (!DEADLOCK.equals(e.getSQLState()) || deadlocks == MOST_DEADLOCKS) {
                    throw e;
                }
            }
        }
    }

    private static IllegalStateException leftOpen(SQLException e) {
        return new IllegalStateException(
                "The tables could not be emptied, since another session holds locks on them. Did a test leave a"
                        + " transaction open?",
                e);
    }

    private boolean empty(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL lock_timeout = '20s'");
        List<String> sentinels = strings(connection, SENTINELS);
        for (String sentinel : sentinels) {
            execute(connection, sentinel.replace("{}", "DISABLE"));
        }
        List<String> filled = filled(connection);
        if (!filled.isEmpty()) {
            execute(connection, "TRUNCATE " + String.join(", ", filled) + " CASCADE");
        }
        contract.parents(connection);
        execute(connection, "SET CONSTRAINTS ALL IMMEDIATE"); // a table with pending checks cannot be altered
        for (String sentinel : sentinels) {
            execute(connection, sentinel.replace("{}", "ENABLE ALWAYS"));
        }
        return true;
    }

    /** A truncation costs new files, so what is empty is left as it is. */
    private List<String> filled(Connection connection) throws SQLException {
        TransitionContract.Stores<?, ?> stores = contract.stores();
        List<String> tables = Stream.of(stores.legacy(), stores.next())
                .flatMap(store -> store.tables().stream())
                .distinct()
                .toList();
        List<String> filled = new ArrayList<>();
        for (String table : tables) {
            if (!strings(connection, "SELECT 1 FROM " + table + " LIMIT 1").isEmpty()) {
                filled.add(table);
            }
        }
        return filled;
    }

    /** Returns the keys of a repository that are marked, as text. */
    List<String> markedKeys(String repository) throws SQLException {
        return inTransaction(connection -> strings(
                connection,
                "SELECT DISTINCT m.key FROM changeover.mark m JOIN changeover.repository r ON r.number = m.repository"
                        + " WHERE r.name = ? ORDER BY 1",
                repository));
    }

    /** Returns why the drain could not copy keys of a repository. */
    List<String> failedCopies(String repository) throws SQLException {
        return inTransaction(connection -> strings(
                connection,
                "SELECT a.key || ': ' || a.last_error FROM changeover.attempt a"
                        + " JOIN changeover.repository r ON r.number = a.repository WHERE r.name = ? ORDER BY 1",
                repository));
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> strings(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }
}
