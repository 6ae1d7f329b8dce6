package dev.changeover.legacyadapter;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.projection.Projection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The description of a {@link JdbcStore} in the making. All names are as the catalogue spells them, without quotes. For
 * one thread.
 *
 * @param <K> the key
 */
public final class JdbcTable<K> {

    private final KeyType<K> keyType;
    private final Columns root;
    private final List<TableShape> children = new ArrayList<>();
    private final Map<String, String> removal = new LinkedHashMap<>();
    private final Map<String, String> revival = new LinkedHashMap<>();
    private @Nullable String absent;
    private @Nullable Projection projection;

    JdbcTable(String schema, String table, KeyType<K> keyType, String keyColumn) {
        this.keyType = keyType;
        this.root = new Columns(schema, table);
        root.parent(keyColumn);
        root.key(keyColumn);
    }

    /** Declares the columns that the entity's mapping reads and writes; the key is among them already. */
    public JdbcTable<K> columns(String... columns) {
        root.add(columns);
        return this;
    }

    /** Declares columns that this side owns alone: the mapping does not see them, and a copy never touches them. */
    public JdbcTable<K> own(String... columns) {
        root.own(columns);
        return this;
    }

    /**
     * Declares columns of which several values mean the same to the entity. Where the present value already means what
     * the entity says, it stays.
     */
    public JdbcTable<K> lossy(String... columns) {
        root.lossy(columns);
        return this;
    }

    /**
     * Declares a table of children, which belong to one root each and are written and removed with it. They are known
     * to the mapping by the name of the table.
     */
    public JdbcTable<K> children(String schema, String table, UnaryOperator<JdbcChildren> description) {
        children.add(description.apply(new JdbcChildren(schema, table)).shape());
        return this;
    }

    /**
     * Declares which rows count as absent.
     *
     * @param condition an SQL condition over the columns of the root's table, such as {@code deleted_at IS NOT NULL}
     */
    public JdbcTable<K> absentWhen(String condition) {
        this.absent = condition;
        return this;
    }

    /**
     * Removes by setting this column to an SQL expression instead of deleting the row; may be repeated. The children
     * stay with their root, so that nothing is lost that the application could restore.
     */
    public JdbcTable<K> removeBySetting(String column, String expression) {
        removal.put(column, expression);
        return this;
    }

    /** Sets this column to an SQL expression whenever an entity is written, so that it is no longer absent. */
    public JdbcTable<K> reviveBySetting(String column, String expression) {
        revival.put(column, expression);
        return this;
    }

    /** Declares a column that holds the moment of the removal: a row is absent unless it is null. */
    public JdbcTable<K> softDeletedBy(String column) {
        return absentWhen(TableShape.quote(column) + " IS NOT NULL")
                .removeBySetting(column, "now()")
                .reviveBySetting(column, "NULL");
    }

    /**
     * Declares the mapping in SQL, too, which lets the server copy and compare without the rows travelling through the
     * application. It must say the same as the mapping in Java.
     */
    public JdbcTable<K> projection(UnaryOperator<Projection> description) {
        this.projection = description.apply(new Projection());
        return this;
    }

    /**
     * Completes the store with the mapping of its entities, which must be a pure function both ways.
     *
     * @param key tells the key of an entity
     * @param reads makes an entity from a row
     * @param writes tells what the row of an entity is to contain; sets each declared column but the key
     * @throws ConfigurationException if the declarations contradict one another
     */
    public <V> EntityStore<K, V> entity(Function<V, K> key, Function<Row, V> reads, BiConsumer<V, RowWriter> writes) {
        Aggregate aggregate = aggregate();
        return new JdbcStore<>(
                keyType,
                aggregate,
                new EntityMapping<>(keyType, aggregate, key, reads, writes),
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
        for (String column : revival.keySet()) {
            requireUnmapped(shape, column);
        }
        return new Aggregate(shape, List.copyOf(children), absent, Map.copyOf(removal), new LinkedHashMap<>(revival));
    }

    private static void requireUnmapped(TableShape shape, String column) {
        if (Set.copyOf(shape.columns()).contains(column)) {
            throw new ConfigurationException(
                    shape.name() + "." + column,
                    "the column is both part of the entity and what tells its absence",
                    "Remove it from columns(..), or from the soft deletion");
        }
    }
}
