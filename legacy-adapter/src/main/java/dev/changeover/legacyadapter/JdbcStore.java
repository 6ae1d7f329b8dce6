package dev.changeover.legacyadapter;

import dev.changeover.core.EntityStore;
import dev.changeover.core.FoldedFind;
import dev.changeover.core.KeyType;
import dev.changeover.core.SqlProjection;
import dev.changeover.core.WatchedTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entities in existing tables, through plain JDBC.
 *
 * <pre>{@code
 * EntityStore<UUID, Room> rooms = JdbcStore.table("public", "meetings", KeyType.UUID, "id")
 *     .columns("title", "status", "created_at")
 *     .lossy("status")
 *     .own("search_text")
 *     .children("public", "meeting_guests", guests -> guests.parent("meeting_id").key("id").columns("name"))
 *     .softDeletedBy("deleted_at")
 *     .entity(
 *         Room::id,
 *         row -> new Room(
 *             row.uuid("id"),
 *             row.text("title"),
 *             row.oneOf("status", Map.of("waiting", CREATED, "created", CREATED, "over", ENDED)),
 *             row.instant("created_at"),
 *             row.children("meeting_guests", guest -> new Guest(guest.uuid("id"), guest.text("name")))),
 *         (room, row) -> {
 *             row.set("title", room.title());
 *             row.set("status", room.status() == CREATED ? "created" : "over");
 *             row.set("created_at", room.createdAt());
 *             room.guests().forEach(guest ->
 *                 row.child("meeting_guests").set("id", guest.id()).set("name", guest.name()));
 *         });
 * }</pre>
 *
 * <p>The number of statements does not depend on the number of keys: one to find, one to upsert (one more, which locks
 * the present rows, where columns are lossy), one to remove. Immutable and safe for use by several threads.
 *
 * @param <K> the key
 * @param <V> the entity with its children
 */
public final class JdbcStore<K, V> implements EntityStore<K, V> {

    private final KeyType<K> keyType;
    private final Aggregate aggregate;
    private final EntityMapping<K, V> mapping;
    private final StoreSql sql;
    private final @Nullable SqlProjection projection;
    private final FoldedFind<K, V> folded = new Folded();

    JdbcStore(
            KeyType<K> keyType, Aggregate aggregate, EntityMapping<K, V> mapping, @Nullable SqlProjection projection) {
        this.keyType = keyType;
        this.aggregate = aggregate;
        this.mapping = mapping;
        this.sql = new StoreSql(aggregate, keyType.sqlType());
        this.projection = projection;
    }

    /**
     * Begins the description of a store.
     *
     * @param schema the schema, as it is spelt in the catalogue
     * @param table the root's table, as it is spelt in the catalogue
     * @param keyType the type of the key
     * @param keyColumn the column of the key, which must have a primary key or a unique constraint of its own
     */
    public static <K> JdbcTable<K> table(String schema, String table, KeyType<K> keyType, String keyColumn) {
        return new JdbcTable<>(schema, table, keyType, keyColumn);
    }

    @Override
    public List<String> tables() {
        return aggregate.tables().stream().map(TableShape::quoted).toList();
    }

    @Override
    public List<WatchedTable> watchedTables() {
        return aggregate.tables().stream()
                .map(table -> new WatchedTable(table.quoted(), TableShape.quote(table.parent())))
                .toList();
    }

    @Override
    public Map<K, V> find(Connection connection, Collection<K> keys) throws SQLException {
        if (keys.isEmpty()) {
            return Map.of();
        }
        Map<K, V> found = new LinkedHashMap<>();
        query(connection, sql.find(), keys, row -> found.put(keyOf(row), mapping.read(row)));
        return found;
    }

    @Override
    public boolean stepsAside() {
        return aggregate.stepsAside();
    }

    @Override
    public Optional<FoldedFind<K, V>> foldedFind() {
        return Optional.of(folded);
    }

    private final class Folded implements FoldedFind<K, V> {
        @Override
        public String sql() {
            return sql.find();
        }

        @Override
        public Map<K, V> read(ResultSet rows) throws SQLException {
            Map<K, V> found = new LinkedHashMap<>();
            while (rows.next()) {
                Row row = RowReader.read(aggregate, rows);
                found.put(keyOf(row), mapping.read(row));
            }
            return found;
        }
    }

    @Override
    public void upsert(Connection connection, Collection<V> entities) throws SQLException {
        if (entities.isEmpty()) {
            return;
        }
        Images images = mapping.write(entities);
        if (aggregate.isLossy()) {
            images.keepWhatMeansTheSame(present(connection, images.keys()));
        }
        run(connection, sql.upsert(), images);
    }

    @Override
    public Set<K> insertMissing(Connection connection, Collection<V> entities) throws SQLException {
        if (entities.isEmpty()) {
            return Set.of();
        }
        Images images = mapping.write(entities);
        Set<String> inserted = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.insertMissing())) {
            statement.setString(1, images.json(aggregate.root()));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    inserted.add(result.getString(1));
                }
            }
        }
        if (!aggregate.children().isEmpty() && !inserted.isEmpty()) {
            run(connection, sql.replaceChildren(), images.only(inserted));
        }
        return decoded(inserted);
    }

    @Override
    public void remove(Connection connection, Collection<K> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(sql.remove().text())) {
            for (int i = 1; i <= sql.remove().parameters().size(); i++) {
                statement.setArray(i, connection.createArrayOf("text", encoded(keys)));
            }
            statement.execute();
        }
    }

    @Override
    public List<K> keysAfter(Connection connection, @Nullable K after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.keys(after != null))) {
            int next = 1;
            if (after != null) {
                statement.setString(next++, keyType.encode(after));
            }
            statement.setInt(next, limit);
            List<K> keys = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    keys.add(keyType.decode(result.getString(1)));
                }
            }
            return keys;
        }
    }

    @Override
    public long estimatedCount(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.estimate());
                ResultSet result = statement.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    @Override
    public Optional<SqlProjection> projection() {
        return Optional.ofNullable(projection);
    }

    /** The images of the present rows, locked, so that they still are what was compared when they are written. */
    private Images present(Connection connection, Collection<String> keys) throws SQLException {
        List<V> present = new ArrayList<>();
        query(connection, sql.lockPresent(), decoded(keys), row -> mapping.readIfMappable(row, present));
        return mapping.write(present);
    }

    private void query(Connection connection, String select, Collection<K> keys, RowSink sink) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setArray(1, connection.createArrayOf("text", encoded(keys)));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    sink.accept(RowReader.read(aggregate, result));
                }
            }
        }
    }

    private static void run(Connection connection, Script script, Images images) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(script.text())) {
            int next = 1;
            for (Script.Parameter parameter : script.parameters()) {
                if (parameter.isKeys()) {
                    statement.setArray(
                            next++,
                            connection.createArrayOf("text", images.keys().toArray()));
                } else {
                    statement.setString(next++, images.json(parameter.rowsOf()));
                }
            }
            statement.execute();
        }
    }

    private K keyOf(Row row) {
        return keyType.decode(row.text(aggregate.root().keyColumns().get(0)));
    }

    private Object[] encoded(Collection<K> keys) {
        return keys.stream().map(keyType::encode).toArray();
    }

    private Set<K> decoded(Collection<String> keys) {
        Set<K> decoded = new HashSet<>();
        keys.forEach(key -> decoded.add(keyType.decode(key)));
        return decoded;
    }

    private interface RowSink {
        void accept(Row row);
    }
}
