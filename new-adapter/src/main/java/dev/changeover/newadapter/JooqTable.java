package dev.changeover.newadapter;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.projection.Projection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The description of a {@link JooqStore} in the making. For one thread.
 *
 * @param <K> the key
 */
public final class JooqTable<K> {

    private final Field<K> key;
    private final KeyType<K> keyType;
    private final Fields root;
    private final List<TableShape> children = new ArrayList<>();
    private final Map<Field<?>, Field<?>> removal = new LinkedHashMap<>();
    private final Map<Field<?>, Field<?>> revival = new LinkedHashMap<>();
    private @Nullable Condition absent;
    private @Nullable Projection projection;

    JooqTable(Table<?> table, Field<K> key, KeyType<K> keyType) {
        this.key = key;
        this.keyType = keyType;
        this.root = new Fields(table, key);
        root.key(key);
    }

    /** Declares the fields that the entity's mapping reads and writes; the key is among them already. */
    public JooqTable<K> fields(Field<?>... fields) {
        root.add(fields);
        return this;
    }

    /** Declares fields that this side owns alone: the mapping does not see them, and a copy never touches them. */
    public JooqTable<K> own(Field<?>... fields) {
        root.own(fields);
        return this;
    }

    /**
     * Declares fields of which several values mean the same to the entity. Where the present value already means what
     * the entity says, it stays.
     */
    public JooqTable<K> lossy(Field<?>... fields) {
        root.lossy(fields);
        return this;
    }

    /**
     * Declares a table of children, which belong to one root each and are written and removed with it.
     *
     * @param parent the field that holds the key of the root
     */
    public JooqTable<K> children(Table<?> table, Field<K> parent, UnaryOperator<JooqChildren> description) {
        children.add(description.apply(new JooqChildren(table, parent)).shape());
        return this;
    }

    /** Declares which rows count as absent. */
    public JooqTable<K> absentWhen(Condition condition) {
        this.absent = condition;
        return this;
    }

    /**
     * Removes by setting this field to a value instead of deleting the row; may be repeated. The children stay with
     * their root, so that nothing is lost that the application could restore.
     */
    public <T> JooqTable<K> removeBySetting(Field<T> field, Field<T> value) {
        removal.put(field, value);
        return this;
    }

    /** Sets this field to a value whenever an entity is written, so that it is no longer absent. */
    public <T> JooqTable<K> reviveBySetting(Field<T> field, Field<T> value) {
        revival.put(field, value);
        return this;
    }

    /** Declares a field that holds the moment of the removal: a row is absent unless it is null. */
    public <T> JooqTable<K> softDeletedBy(Field<T> field) {
        return absentWhen(field.isNotNull())
                .removeBySetting(field, DSL.field("now()", field.getDataType()))
                .reviveBySetting(field, DSL.field("null", field.getDataType()));
    }

    /**
     * Declares the mapping in SQL, too, which lets the server copy and compare without the rows travelling through the
     * application. It must say the same as the mapping in Java.
     */
    public JooqTable<K> projection(UnaryOperator<Projection> description) {
        this.projection = description.apply(new Projection());
        return this;
    }

    /**
     * Completes the store with the mapping of its entities, which must be a pure function both ways.
     *
     * @param entityKey tells the key of an entity
     * @param reads makes an entity from a row
     * @param writes tells what the row of an entity is to contain; sets each declared field but the key
     * @throws ConfigurationException if the declarations contradict one another
     */
    public <V> EntityStore<K, V> entity(
            Function<V, K> entityKey, Function<JooqRow, V> reads, BiConsumer<V, JooqRowWriter> writes) {
        Aggregate aggregate = aggregate();
        return new JooqStore<>(
                keyType,
                key,
                aggregate,
                new EntityMapping<>(keyType, aggregate, entityKey, reads, writes),
                projection == null ? null : projection.over(aggregate.projected(), keyType.sqlType()));
    }

    private Aggregate aggregate() {
        TableShape shape = root.shape();
        if (absent == null && !removal.isEmpty()) {
            throw new ConfigurationException(
                    shape.name(),
                    "an entity is removed by setting " + removal.keySet() + ", but no row counts as absent",
                    "Add absentWhen(..), or softDeletedBy(..) instead of both");
        }
        if (!revival.keySet().containsAll(removal.keySet())) {
            throw new ConfigurationException(
                    shape.name(),
                    "an entity that was removed would not come back when it is written again",
                    "Add reviveBySetting(..) for " + removal.keySet());
        }
        if (shape.fields().stream().anyMatch(revival::containsKey)) {
            throw new ConfigurationException(
                    shape.name(),
                    "a field is both part of the entity and what tells its absence",
                    "Remove it from fields(..), or from the soft deletion");
        }
        return new Aggregate(shape, List.copyOf(children), absent, new LinkedHashMap<>(removal), revival);
    }
}
