package dev.changeover.newadapter;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Entities in the new schema, through jOOQ's tables and fields, generated or named by hand.
 *
 * <pre>{@code
 * EntityStore<UUID, Room> rooms = JooqStore.table(ROOMS, ROOMS.ID, KeyType.UUID)
 *     .fields(ROOMS.TITLE, ROOMS.STATUS, ROOMS.CREATED_AT)
 *     .own(ROOMS.SEARCH_TEXT)
 *     .children(GUESTS, GUESTS.ROOM_ID, guests -> guests.key(GUESTS.ID).fields(GUESTS.NAME))
 *     .softDeletedBy(ROOMS.DELETED_AT)
 *     .entity(
 *         Room::id,
 *         row -> new Room(
 *             row.get(ROOMS.ID),
 *             row.get(ROOMS.TITLE),
 *             row.get(ROOMS.STATUS, Status::of),
 *             row.get(ROOMS.CREATED_AT, OffsetDateTime::toInstant),
 *             row.children(GUESTS, guest -> new Guest(guest.get(GUESTS.ID), guest.get(GUESTS.NAME)))),
 *         (room, row) -> {
 *             row.set(ROOMS.TITLE, room.title());
 *             row.set(ROOMS.STATUS, room.status().text());
 *             row.set(ROOMS.CREATED_AT, room.createdAt().atOffset(ZoneOffset.UTC));
 *             room.guests().forEach(guest ->
 *                 row.child(GUESTS).set(GUESTS.ID, guest.id()).set(GUESTS.NAME, guest.name()));
 *         });
 * }</pre>
 *
 * <p>The number of round trips does not depend on the number of keys: one to find, one to upsert (one more, which locks
 * the present rows, where fields are lossy), one to remove. Immutable and safe for use by several threads.
 *
 * @param <K> the key
 * @param <V> the entity with its children
 */
public final class JooqStore<K, V> implements EntityStore<K, V> {

    private final KeyType<K> keyType;
    private final Field<K> key;
    private final Aggregate aggregate;
    private final EntityMapping<K, V> mapping;
    private final Selects<K> selects;
    private final Writes<K> writes;
    private final @Nullable SqlProjection projection;
    private final FoldedFind<K, V> folded = new Folded();

    JooqStore(
            KeyType<K> keyType,
            Field<K> key,
            Aggregate aggregate,
            EntityMapping<K, V> mapping,
            @Nullable SqlProjection projection) {
        this.key = key;
        this.aggregate = aggregate;
        this.mapping = mapping;
        this.keyType = keyType;
        this.projection = projection;
        this.selects = new Selects<>(aggregate, key, keyType);
        Writes<K> arrays = ArrayWrites.of(aggregate, keyType);
        this.writes = arrays == null ? new ValueWrites<>(aggregate, key, selects) : arrays;
    }

    /**
     * Begins the description of a store.
     *
     * @param table the root's table
     * @param key the field of the key, which must have a primary key or a unique constraint of its own
     * @param keyType the type of the key
     */
    public static <K> JooqTable<K> table(Table<?> table, Field<K> key, KeyType<K> keyType) {
        return new JooqTable<>(table, key, keyType);
    }

    @Override
    public List<String> tables() {
        return aggregate.tables().stream().map(TableShape::quoted).toList();
    }

    @Override
    public List<WatchedTable> watchedTables() {
        return aggregate.tables().stream()
                .map(table -> new WatchedTable(
                        table.quoted(), QualifiedName.quote(table.parent().getName())))
                .toList();
    }

    @Override
    public Map<K, V> find(Connection connection, Collection<K> keys) throws SQLException {
        if (keys.isEmpty()) {
            return Map.of();
        }
        try (PreparedStatement statement = connection.prepareStatement(selects.present())) {
            ArrayTable.bind(statement, 1, keys, keyType::encode);
            try (ResultSet rows = statement.executeQuery()) {
                return folded.read(rows);
            }
        }
    }

    @Override
    public Optional<FoldedFind<K, V>> foldedFind() {
        return Optional.of(folded);
    }

    private final class Folded implements FoldedFind<K, V> {
        @Override
        public String sql() {
            return selects.present();
        }

        @Override
        public Map<K, V> read(ResultSet rows) throws SQLException {
            Map<K, V> found = new LinkedHashMap<>();
            for (JooqRow row : rows(rows)) {
                found.put(row.get(key), mapping.read(row));
            }
            return found;
        }
    }

    @Override
    public void upsert(Connection connection, Collection<V> entities) throws SQLException {
        if (entities.isEmpty()) {
            return;
        }
        Images<K> images = mapping.write(entities);
        if (aggregate.isLossy()) {
            images.keepWhatMeansTheSame(present(connection, images.keys()));
        }
        writes.upsert(connection, images);
    }

    @Override
    public Set<K> insertMissing(Connection connection, Collection<V> entities) throws SQLException {
        return entities.isEmpty() ? Set.of() : writes.insertMissing(connection, mapping.write(entities));
    }

    @Override
    public void remove(Connection connection, Collection<K> keys) throws SQLException {
        if (!keys.isEmpty()) {
            Jooq.run(connection, selects.removal(keys));
        }
    }

    @Override
    public boolean stepsAside() {
        return aggregate.stepsAside();
    }

    @Override
    public List<K> keysAfter(Connection connection, @Nullable K after, int limit) throws SQLException {
        List<K> keys = new ArrayList<>();
        Jooq.sql(() -> keys.addAll(
                Jooq.on(connection).fetch(selects.keys(after, limit)).getValues(key)));
        return keys;
    }

    @Override
    public long estimatedCount(Connection connection) throws SQLException {
        List<Long> counts = new ArrayList<>();
        Jooq.sql(() ->
                counts.addAll(Jooq.on(connection).fetch(selects.estimate()).getValues(Selects.ESTIMATE)));
        return counts.isEmpty() ? 0 : counts.get(0);
    }

    @Override
    public Optional<SqlProjection> projection() {
        return Optional.ofNullable(projection);
    }

    /** The images of the present rows, locked, so that they still are what was compared when they are written. */
    private Images<K> present(Connection connection, Collection<K> keys) throws SQLException {
        List<V> present = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(selects.locked())) {
            ArrayTable.bind(statement, 1, keys, keyType::encode);
            try (ResultSet rows = statement.executeQuery()) {
                rows(rows).forEach(row -> mapping.readIfMappable(row, present));
            }
        }
        return mapping.write(present);
    }

    private List<JooqRow> rows(ResultSet rows) throws SQLException {
        List<JooqRow> all = new ArrayList<>();
        Jooq.sql(() ->
                Jooq.OFFLINE.fetch(rows, selects.columns()).forEach(line -> all.add(JooqRow.of(aggregate, line))));
        return all;
    }
}
