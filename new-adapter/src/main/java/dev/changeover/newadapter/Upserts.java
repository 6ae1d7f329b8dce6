package dev.changeover.newadapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.impl.DSL;

/**
 * The writing statements of one table, with many rows each. They are templates, because jOOQ has no OVERRIDING SYSTEM
 * VALUE, and ids are copied also into columns that the server would rather fill by itself.
 */
final class Upserts {

    private static final String INSERT =
            "insert into {0} as t ({1}) overriding system value values {2} on conflict ({3}) ";

    /** The protocol of PostgreSQL numbers the values of a statement with 16 bits; half of that is left unused. */
    private static final int VALUES = 32_000;

    private final TableShape shape;
    private final Map<Field<?>, Field<?>> revival;

    Upserts(TableShape shape, Map<Field<?>, Field<?>> revival) {
        this.shape = shape;
        this.revival = revival;
    }

    List<Query> upserts(Images<?> images) {
        List<Query> queries = new ArrayList<>();
        for (List<RowImage> rows : portions(images)) {
            List<QueryPart> settings = settings(rows);
            queries.add(
                    settings.isEmpty()
                            ? DSL.query(INSERT + "do nothing", insert(rows))
                            : DSL.query(
                                    INSERT + "do update set {4} where {5}",
                                    with(insert(rows), DSL.list(settings), DSL.or(changes(rows)))));
        }
        return queries;
    }

    <K> List<ResultQuery<Record1<K>>> insertMissing(Images<K> images, Field<K> key) {
        List<ResultQuery<Record1<K>>> queries = new ArrayList<>();
        for (List<RowImage> rows : portions(images)) {
            queries.add(DSL.resultQuery(INSERT + "do nothing returning {4}", with(insert(rows), column("t", key)))
                    .coerce(key)); // else the driver would ask the catalogue what it is
        }
        return queries;
    }

    private QueryPart[] insert(List<RowImage> rows) {
        List<QueryPart> names = new ArrayList<>();
        shape.fields().forEach(field -> names.add(field.getUnqualifiedName()));
        revival.keySet().forEach(field -> names.add(field.getUnqualifiedName()));
        List<QueryPart> values = new ArrayList<>();
        rows.forEach(row -> values.add(DSL.sql("({0})", DSL.list(row.values(revival.values())))));
        List<QueryPart> keys = new ArrayList<>();
        shape.keys().forEach(field -> keys.add(field.getUnqualifiedName()));
        return new QueryPart[] {shape.table(), DSL.list(names), DSL.list(values), DSL.list(keys)};
    }

    private List<QueryPart> settings(List<RowImage> rows) {
        List<QueryPart> settings = new ArrayList<>();
        shape.updatable()
                .forEach(field -> settings.add(DSL.sql("{0} = {1}", field.getUnqualifiedName(), value(field, rows))));
        revival.forEach((field, value) -> settings.add(DSL.sql("{0} = {1}", field.getUnqualifiedName(), value)));
        return settings;
    }

    /** Compared as text: some types have no equality (json), and for others equal values read differently (citext). */
    private List<Condition> changes(List<RowImage> rows) {
        List<Condition> changes = new ArrayList<>();
        shape.updatable().forEach(field -> changes.add(differs(field, value(field, rows))));
        revival.forEach((field, value) -> changes.add(differs(field, value)));
        return changes;
    }

    private static Condition differs(Field<?> field, QueryPart value) {
        return DSL.condition("({0})::text is distinct from ({1})::text", column("t", field), value);
    }

    /** The entity's value, or the present one in those rows where it means the same. */
    private QueryPart value(Field<?> field, List<RowImage> rows) {
        List<RowImage> kept = rows.stream().filter(row -> row.keeps(field)).toList();
        QueryPart given = column("excluded", field);
        if (kept.isEmpty()) {
            return given;
        }
        List<QueryPart> present = new ArrayList<>();
        shape.keys().forEach(key -> present.add(column("t", key)));
        List<QueryPart> identities = new ArrayList<>();
        kept.forEach(row -> identities.add(row.identityRow()));
        return DSL.sql(
                "case when ({0}) in ({1}) then {2} else {3} end",
                DSL.list(present), DSL.list(identities), column("t", field), given);
    }

    private List<List<RowImage>> portions(Images<?> images) {
        List<RowImage> rows = images.rows(shape).toList();
        int size = Math.max(1, VALUES / (shape.fields().size() + revival.size()));
        List<List<RowImage>> portions = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += size) {
            portions.add(rows.subList(from, Math.min(rows.size(), from + size)));
        }
        return portions;
    }

    private static QueryPart column(String alias, Field<?> field) {
        return DSL.name(alias, field.getName());
    }

    private static QueryPart[] with(QueryPart[] parts, QueryPart... more) {
        List<QueryPart> all = new ArrayList<>(List.of(parts));
        all.addAll(List.of(more));
        return all.toArray(new QueryPart[0]);
    }
}
