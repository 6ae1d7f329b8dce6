package dev.changeover.newadapter;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Query;

/** One bind value for each value of each row, as every binding of jOOQ can have it. */
final class ValueWrites<K> implements Writes<K> {

    private final Aggregate aggregate;
    private final Field<K> key;
    private final Selects<K> selects;

    ValueWrites(Aggregate aggregate, Field<K> key, Selects<K> selects) {
        this.aggregate = aggregate;
        this.key = key;
        this.selects = selects;
    }

    @Override
    public void upsert(Connection connection, Images<K> images) throws SQLException {
        List<Query> queries = new ArrayList<>(new Upserts(aggregate.root(), aggregate.revival()).upserts(images));
        queries.addAll(childReplacements(images));
        Jooq.run(connection, queries);
    }

    @Override
    public Set<K> insertMissing(Connection connection, Images<K> images) throws SQLException {
        Set<K> inserted = new HashSet<>();
        Jooq.sql(() -> new Upserts(aggregate.root(), aggregate.revival())
                .insertMissing(images, key)
                .forEach(insert ->
                        inserted.addAll(Jooq.on(connection).fetch(insert).getValues(key))));
        if (!inserted.isEmpty()) {
            Jooq.run(connection, childReplacements(images.only(inserted)));
        }
        return inserted;
    }

    /** Vanished children go first: their successors may need the unique values that they hold. */
    private List<Query> childReplacements(Images<K> images) {
        List<Query> queries = new ArrayList<>();
        aggregate.children().forEach(child -> queries.add(selects.deleteVanished(child, images)));
        aggregate.children().forEach(child -> queries.addAll(new Upserts(child, Map.of()).upserts(images)));
        return queries;
    }
}
