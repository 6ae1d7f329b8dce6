package dev.changeover.core.internal;

import dev.changeover.core.WatchedTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of one unique index of new, as hashes: eight bytes a row, so that duplicates are found among rows that are
 * never there at the same time. Which keys they are is asked in a second walk.
 */
final class UniqueHashes {

    /** 160 MB. */
    private static final int MOST = 20_000_000;

    private static final String INDEXES = """
            SELECT c.relname, string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ' ORDER BY k),
                   coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),
                   coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
              FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid,
                   generate_series(1, i.indnkeyatts) k
             WHERE i.indrelid = ?::regclass AND i.indisunique AND NOT i.indisprimary
             GROUP BY c.relname, i.indexrelid, i.indpred, i.indrelid, to_jsonb(i) ORDER BY c.relname""";

    private final String name;
    private final String sql;
    private long[] hashes = new long[1024];
    private int size;
    private boolean full;
    private Set<Long> duplicates = Set.of();
    private final Map<Long, Set<String>> sharing = new HashMap<>();

    private UniqueHashes(String name, String sql) {
        this.name = name;
        this.sql = sql;
    }

    /** Returns one for each unique index of a table. */
    static List<UniqueHashes> of(Connection connection, WatchedTable table) throws SQLException {
        List<UniqueHashes> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
            statement.setString(1, table.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String values = rows.getString(2);
                    String nulls = rows.getBoolean(4) ? "true" : "num_nulls(" + values + ") = 0";
                    all.add(new UniqueHashes(
                            table.table() + ": " + rows.getString(1),
                            "SELECT " + table.keyColumn() + "::text, hashtextextended(ROW(" + values
                                    + ")::text, 0) FROM "
                                    + table.table() + " WHERE " + table.keyColumn() + "::text = ANY (?) AND " + nulls
                                    + " AND (" + rows.getString(3) + ")"));
                }
            }
        }
        return all;
    }

    String name() {
        return name;
    }

    boolean full() {
        return full;
    }

    /** Keeps the values that these keys have on new now. */
    void keep(Connection connection, Collection<String> keys) throws SQLException {
        read(connection, keys, (key, hash) -> {
            if (size == MOST) {
                full = true;
                return;
            }
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.min(MOST, size * 2));
            }
            hashes[size++] = hash;
        });
    }

    /** Returns how many values more than one row has, after the first walk. */
    int count() {
        Arrays.sort(hashes, 0, size);
        Set<Long> twice = new HashSet<>();
        for (int i = 1; i < size; i++) {
            if (hashes[i] == hashes[i - 1]) {
                twice.add(hashes[i]);
            }
        }
        hashes = new long[0];
        size = 0;
        duplicates = twice;
        return twice.size();
    }

    /** Keeps which of these keys have a value that was there twice, in the second walk. */
    void share(Connection connection, Collection<String> keys) throws SQLException {
        read(connection, keys, (key, hash) -> {
            if (duplicates.contains(hash)) {
                sharing.computeIfAbsent(hash, value -> new LinkedHashSet<>()).add(key);
            }
        });
    }

    /**
     * Returns the keys that share a value with another, after the second walk. A value that went from one row to another
     * between two chunks of a walk has one key in the other walk.
     */
    List<String> shared() {
        return sharing.values().stream()
                .filter(keys -> keys.size() > 1)
                .flatMap(Set::stream)
                .sorted()
                .toList();
    }

    /** A row. */
    private interface Use {
        void of(String key, long hash);
    }

    private void read(Connection connection, Collection<String> keys, Use use) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    use.of(rows.getString(1), rows.getLong(2));
                }
            }
        }
    }
}
