package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.Side;
import dev.changeover.core.SqlProjection;
import dev.changeover.core.WatchedTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Searches both sides, in the one snapshot of the connection, for the keys of rows that were written since an earlier
 * verification began. A row names the transaction that wrote it in {@code xmin}, a released savepoint by a number above that
 * of its transaction. A deleted row names nothing any more, so keys that only one side has are found as well.
 *
 * <p>The numbers have 32 bits, and a frozen row keeps its own however old it is. {@code age} says how far back a number is,
 * or less than nothing beyond two thousand million; a row that is older by a whole turn is looked at in vain, and none that
 * is new is left out.
 */
final class ChangedKeys<K> {

    static final int MOST = 1_000_000;

    private static final String MOST_CHANGED = " LIMIT " + (MOST + 1);

    private final ComparedRepository<K, ?> repository;
    private final Connection connection;
    private final Duration timeout;
    private final Set<String> found = new HashSet<>();

    ChangedKeys(ComparedRepository<K, ?> repository, Connection connection, Duration timeout) {
        this.repository = repository;
        this.connection = connection;
        this.timeout = timeout;
    }

    /**
     * Refuses what cannot be searched for.
     *
     * @throws ConfigurationException with the remedy
     */
    static Horizon require(ComparedRepository<?, ?> repository, Connection connection, long run) throws SQLException {
        Horizon horizon = Horizon.of(connection, repository.name(), run);
        for (Side side : Side.values()) {
            require(repository, connection, side);
        }
        return horizon;
    }

    private static void require(ComparedRepository<?, ?> repository, Connection connection, Side side)
            throws SQLException {
        EntityStore<?, ?> store = repository.store(side);
        if (store.projection().isEmpty() || store.watchedTables().isEmpty()) {
            throw Horizon.refused(
                    repository.name(),
                    "the store of " + side + " does not say in SQL which rows a key has",
                    "Give it a projection and watchedTables, or verify a span, a sample or everything");
        }
        for (WatchedTable each : store.watchedTables()) {
            requireTable(repository, connection, each.table());
        }
    }

    /** The rows of a view do not say who has written them. */
    private static void requireTable(ComparedRepository<?, ?> repository, Connection connection, String table)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT c.relkind IN ('r', 'p')"
                + " FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(?)")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    throw Horizon.refused(
                            repository.name(),
                            table + " is no table, so its rows do not say when they were written",
                            "Verify a span, a sample or everything");
                }
            }
        }
    }

    /**
     * Returns the keys, in no order.
     *
     * @throws ChangeoverException if they are more than a million
     */
    List<K> since(long run) throws SQLException {
        Control.read(connection, repository.name(), List.of(), timeout);
        Horizon horizon = require(repository, connection, run);
        for (Side side : Side.values()) {
            for (WatchedTable each : repository.store(side).watchedTables()) {
                collect(written(each), horizon.age());
            }
        }
        collect(onOneSide(), null);
        return found.stream().map(repository.keyType()::decode).toList();
    }

    private String written(WatchedTable table) {
        return "SELECT DISTINCT " + key("t." + table.keyColumn()) + "::text FROM " + table.table() + " AS t WHERE t."
                + table.keyColumn() + " IS NOT NULL AND pg_catalog.age(t.xmin) BETWEEN 0 AND ?" + MOST_CHANGED;
    }

    private String onOneSide() {
        return "SELECT coalesce(l.k, n.k)::text FROM " + keys(Side.LEGACY) + " AS l FULL JOIN " + keys(Side.NEW)
                + " AS n ON l.k = n.k WHERE l.k IS NULL OR n.k IS NULL" + MOST_CHANGED;
    }

    private String keys(Side side) {
        SqlProjection projection = repository.store(side).projection().orElseThrow();
        String column = ProjectedSides.quote(projection.columns().get(0));
        return "(SELECT " + key("s." + column) + " AS k FROM " + ProjectedSides.select(repository, side) + " AS s)";
    }

    /** A collation may find texts equal that are two keys. */
    private String key(String expression) {
        String type = repository.keyType().sqlType();
        return "(" + expression + "::" + type + (type.equals("text") ? " COLLATE \"C\")" : ")");
    }

    private void collect(String sql, @Nullable Integer age) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (age != null) {
                statement.setInt(1, age);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        if (found.size() > MOST) {
            throw new ChangeoverException(repository.name() + ": more than " + MOST
                    + " keys have changed or are on one side only. Verify everything");
        }
    }
}
