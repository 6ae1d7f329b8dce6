package dev.changeover.newadapter;

import dev.changeover.core.KeyType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.RowN;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The statements that take keys. Keys come as one array, children as a nested result of the same statement. */
final class Selects<K> {

    static final Field<Long> ESTIMATE = DSL.field(DSL.name("estimate"), SQLDataType.BIGINT);

    private final Aggregate aggregate;
    private final Field<K> key;
    private final KeyType<K> keyType;
    private final Field<?>[] columns;
    private final String present;
    private final String locked;

    Selects(Aggregate aggregate, Field<K> key, KeyType<K> keyType) {
        this.aggregate = aggregate;
        this.key = key;
        this.keyType = keyType;
        List<Field<?>> all = new ArrayList<>(aggregate.root().fields());
        aggregate.children().forEach(child -> all.add(nested(child)));
        this.columns = all.toArray(new Field<?>[0]);
        this.present = Jooq.OFFLINE.renderInlined(byKeys().and(isPresent()));
        this.locked = Jooq.OFFLINE.renderInlined(
                byKeys().forNoKeyUpdate().of(aggregate.root().table()));
    }

    /** What {@link #present} and {@link #locked} yield. */
    Field<?>[] columns() {
        return columns;
    }

    /** Takes the keys as one array of texts. */
    String present() {
        return present;
    }

    /** As {@link #present}, but all rows of the keys, absent ones too, locked as an update of them would. */
    String locked() {
        return locked;
    }

    Select<?> keys(@Nullable K after, int limit) {
        // only with this collation does the server order text as KeyType does
        Field<?> ordered = KeyType.TEXT.sqlType().equals(keyType.sqlType()) ? DSL.field("{0} collate \"C\"", key) : key;
        Condition behind = after == null ? DSL.noCondition() : DSL.condition("{0} > {1}", ordered, DSL.val(after, key));
        return DSL.select(key)
                .from(aggregate.root().table())
                .where(isPresent())
                .and(behind)
                .orderBy(ordered)
                .limit(limit);
    }

    /** The planner's estimate; a table that was never analysed is counted up to a bound. */
    ResultQuery<Record1<Long>> estimate() {
        return DSL.resultQuery(
                        "select case when c.reltuples < 0 then (select count(*) from (select from {0} limit 100000) as few)"
                                + " else c.reltuples::bigint end from pg_catalog.pg_class as c where c.oid = {1}::regclass",
                        aggregate.root().table(),
                        DSL.inline(DSL.using(SQLDialect.POSTGRES)
                                .render(aggregate.root().table())))
                .coerce(ESTIMATE);
    }

    List<Query> removal(Collection<K> keys) {
        if (!aggregate.removal().isEmpty()) {
            return List.of(DSL.update(aggregate.root().table())
                    .set(aggregate.removal())
                    .where(among(key, keys))
                    .and(isPresent()));
        }
        List<Query> deletions = new ArrayList<>();
        aggregate.children().forEach(child -> deletions.add(delete(child, keys)));
        deletions.add(delete(aggregate.root(), keys));
        return deletions;
    }

    /** Deletes the children of these roots that are not among the images, which the server hashes as a subquery. */
    Query deleteVanished(TableShape child, Images<K> images) {
        RowN[] rows = images.rows(child).map(RowImage::identityRow).toArray(RowN[]::new);
        return DSL.deleteFrom(child.table())
                .where(joined(child.parent(), images.keys()))
                .and(
                        rows.length == 0
                                ? DSL.noCondition()
                                : DSL.row(child.keys()).notIn(DSL.selectFrom(DSL.values(rows))));
    }

    private Query delete(TableShape table, Collection<K> keys) {
        return DSL.deleteFrom(table.table()).where(among(table.parent(), keys));
    }

    private SelectConditionStep<?> byKeys() {
        return DSL.select(columns)
                .from(aggregate.root().table())
                .where(DSL.condition("{0} = any ({1})", key, DSL.sql("?::text[]::" + keyType.sqlType() + "[]")));
    }

    private Field<?> nested(TableShape child) {
        return DSL.multiset(DSL.select(child.fields())
                        .from(child.table())
                        .where(DSL.condition("{0} = {1}", child.parent(), key))
                        .orderBy(child.order()))
                .as("children of " + child.name());
    }

    private Condition among(Field<?> field, Collection<K> keys) {
        return DSL.condition(
                "{0} = any ({1})", field, DSL.val(array(keys), key.getDataType().array()));
    }

    /**
     * As {@link #among}, as a join. Without statistics, as in a backfill, the planner takes a long array for half of
     * the table and compares every row with every element.
     */
    private Condition joined(Field<?> field, Collection<K> keys) {
        return DSL.condition(
                "{0} in (select unnest({1}))",
                field, DSL.val(array(keys), key.getDataType().array()));
    }

    @SuppressWarnings("unchecked") // the element type is that of the key
    private K[] array(Collection<K> keys) {
        return keys.toArray((K[]) Array.newInstance(key.getType(), 0));
    }

    private Condition isPresent() {
        Condition absent = aggregate.absent();
        return absent == null ? DSL.noCondition() : DSL.condition("({0}) is not true", absent);
    }
}
