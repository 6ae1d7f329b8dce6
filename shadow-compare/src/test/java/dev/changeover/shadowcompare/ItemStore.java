package dev.changeover.shadowcompare;

import dev.changeover.core.EntityStore;
import dev.changeover.core.UnmappableRowException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plain store of items. A test may have something happen between two of its statements. */
class ItemStore implements EntityStore<Long, Item> {
    private final String table;

    ItemStore(String table) {
        this.table = table;
    }

    @Override
    public List<String> tables() {
        return List.of(table);
    }

    @Override
    public Map<Long, Item> find(Connection connection, Collection<Long> keys) throws SQLException {
        Map<Long, Item> found = new HashMap<>();
        for (Item item : query(connection, "WHERE id = ANY (?)", keys)) {
            found.put(item.id(), item);
        }
        return found;
    }

    List<Item> query(Connection connection, String condition, Collection<Long> keys) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id, name, note, at FROM " + table + " " + condition)) {
            if (condition.contains("?")) {
                statement.setArray(1, connection.createArrayOf("bigint", keys.toArray()));
            }
            List<Item> items = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    items.add(item(rows));
                }
            }
            return items;
        }
    }

    private Item item(ResultSet row) throws SQLException {
        String name = row.getString(2);
        if (name.equals("unmappable")) {
            throw new UnmappableRowException(table, "name", row.getString(1), "no such name");
        }
        return new Item(
                row.getLong(1),
                name,
                row.getString(3),
                row.getObject(4, OffsetDateTime.class).toInstant());
    }

    @Override
    public void upsert(Connection connection, Collection<Item> entities) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table
                + " (id, name, note, at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                + " SET name = excluded.name, note = excluded.note, at = excluded.at")) {
            for (Item item : entities) {
                statement.setLong(1, item.id());
                statement.setString(2, item.name());
                statement.setString(3, item.note());
                statement.setObject(4, item.at().atOffset(ZoneOffset.UTC));
                statement.executeUpdate();
            }
        }
    }

    @Override
    public void remove(Connection connection, Collection<Long> keys) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + table + " WHERE id = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", keys.toArray()));
            statement.executeUpdate();
        }
    }

    @Override
    public List<Long> keysAfter(Connection connection, @Nullable Long after, int limit) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id FROM " + table + " WHERE id > ? ORDER BY id LIMIT ?")) {
            statement.setLong(1, after == null ? Long.MIN_VALUE : after);
            statement.setInt(2, limit);
            List<Long> keys = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(rows.getLong(1));
                }
            }
            return keys;
        }
    }

    @Override
    public long estimatedCount(Connection connection) {
        return 0;
    }

    @Override
    public Set<Long> insertMissing(Connection connection, Collection<Item> entities) {
        throw new UnsupportedOperationException();
    }
}
