package dev.changeover.newadapter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jooq.Table;

/** One entity as the rows that it should have. */
final class Image<K> {

    private final K key;
    private final RowImage root;
    private final Map<TableShape, List<RowImage>> children = new LinkedHashMap<>();

    Image(Aggregate aggregate, K key) {
        this.key = key;
        this.root = new RowImage(aggregate.root(), key);
        aggregate.children().forEach(child -> children.put(child, new ArrayList<>()));
    }

    K key() {
        return key;
    }

    RowImage root() {
        return root;
    }

    RowImage addChild(Table<?> table) {
        TableShape shape = children.keySet().stream()
                .filter(child -> child.table().equals(table))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "No children are declared in " + table + ". Declare it with children(..)"));
        RowImage child = new RowImage(shape, key);
        children.computeIfAbsent(shape, missing -> new ArrayList<>()).add(child);
        return child;
    }

    Stream<RowImage> all() {
        return Stream.concat(Stream.of(root), children.values().stream().flatMap(List::stream));
    }
}
