package dev.changeover.newadapter;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
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

    /** Logging of jOOQ would show the values of the rows. */
    private static final Settings SETTINGS = new Settings().withExecuteLogging(false);

    private final Field<K> key;
    private final Aggregate aggregate;
    private final EntityMapping<K, V> mapping;
    private final Selects<K> selects;

    JooqStore(KeyType<K> keyType, Field<K> key, Aggregate aggregate, EntityMapping<K, V> mapping) {
        this.key = key;
        this.aggregate = aggregate;
        this.mapping = mapping;
        this.selects = new Selects<>(aggregate, key, keyType);
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
    public Map<K, V> find(Connection connection, Collection<K> keys) throws SQLException {
        if (keys.isEmpty()) {
            return Map.of();
        }
        Map<K, V> found = new LinkedHashMap<>();
        for (JooqRow row : rows(selects.present(keys), connection)) {
            found.put(row.get(key), mapping.read(row));
        }
        return found;
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
        List<Query> queries = new ArrayList<>(new Upserts(aggregate.root(), aggregate.revival()).upserts(images));
        queries.addAll(childReplacements(images));
        run(connection, queries);
    }

    @Override
    public Set<K> insertMissing(Connection connection, Collection<V> entities) throws SQLException {
        if (entities.isEmpty()) {
            return Set.of();
        }
        Images<K> images = mapping.write(entities);
        Set<K> inserted = new HashSet<>();
        DSLContext dsl = dsl(connection);
        sql(() -> new Upserts(aggregate.root(), aggregate.revival())
                .insertMissing(images, key)
                .forEach(insert -> inserted.addAll(dsl.fetch(insert).getValues(key))));
        if (!inserted.isEmpty()) {
            run(connection, childReplacements(images.only(inserted)));
        }
        return inserted;
    }

    @Override
    public void remove(Connection connection, Collection<K> keys) throws SQLException {
        if (!keys.isEmpty()) {
            run(connection, selects.removal(keys));
        }
    }

    @Override
    public List<K> keysAfter(Connection connection, @Nullable K after, int limit) throws SQLException {
        List<K> keys = new ArrayList<>();
        sql(() -> keys.addAll(dsl(connection).fetch(selects.keys(after, limit)).getValues(key)));
        return keys;
    }

    @Override
    public long estimatedCount(Connection connection) throws SQLException {
        List<Long> counts = new ArrayList<>();
        sql(() -> counts.addAll(dsl(connection).fetch(selects.estimate()).getValues(Selects.ESTIMATE)));
        return counts.isEmpty() ? 0 : counts.get(0);
    }

    /** The images of the present rows, locked, so that they still are what was compared when they are written. */
    private Images<K> present(Connection connection, Collection<K> keys) throws SQLException {
        List<V> present = new ArrayList<>();
        for (JooqRow row : rows(selects.locked(keys), connection)) {
            mapping.readIfMappable(row, present);
        }
        return mapping.write(present);
    }

    private List<JooqRow> rows(Select<?> select, Connection connection) throws SQLException {
        List<JooqRow> rows = new ArrayList<>();
        sql(() -> {
            for (Record line : dsl(connection).fetch(select)) {
                rows.add(JooqRow.of(aggregate, line));
            }
        });
        return rows;
    }

    /** Vanished children go first: their successors may need the unique values that they hold. */
    private List<Query> childReplacements(Images<K> images) {
        List<Query> queries = new ArrayList<>();
        aggregate.children().forEach(child -> queries.add(selects.deleteVanished(child, images)));
        aggregate.children().forEach(child -> queries.addAll(new Upserts(child, Map.of()).upserts(images)));
        return queries;
    }

    /**
     * One round trip, whatever the number of statements. Not a batch of jOOQ: that writes the values into the text, and
     * so into the logs of the server and the messages of exceptions.
     */
    private static void run(Connection connection, List<Query> queries) throws SQLException {
        if (!queries.isEmpty()) {
            String template = IntStream.range(0, queries.size())
                    .mapToObj(i -> "{" + i + "}")
                    .collect(Collectors.joining("; "));
            sql(() -> dsl(connection)
                    .query(template, queries.toArray(new QueryPart[0]))
                    .execute());
        }
    }

    private static DSLContext dsl(Connection connection) {
        return DSL.using(connection, SQLDialect.POSTGRES, SETTINGS);
    }

    /** Throws the driver's exception as it is: whoever copies looks at its state. */
    private static void sql(Runnable action) throws SQLException {
        try {
            action.run();
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            if (cause != null) {
                throw cause;
            }
            throw e;
        }
    }
}
