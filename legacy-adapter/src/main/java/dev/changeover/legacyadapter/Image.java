package dev.changeover.legacyadapter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One entity as the rows that it should have. */
final class Image {

    private final String key;
    private final RowImage root;
    private final Map<TableShape, List<RowImage>> children = new LinkedHashMap<>();

    Image(Aggregate aggregate, String key) {
        this.key = key;
        this.root = new RowImage(aggregate.root(), key);
        aggregate.children().forEach(child -> children.put(child, new ArrayList<>()));
    }

    String key() {
        return key;
    }

    RowImage root() {
        return root;
    }

    /** Adds a child of the only table with this name. */
    RowImage addChild(String table) {
        TableShape shape = children.keySet().stream()
                .filter(child -> child.table().equals(table))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "No children are declared in a table " + table + ". Declare it with children(..)"));
        RowImage child = new RowImage(shape, key);
        rows(shape).add(child);
        return child;
    }

    List<RowImage> rows(TableShape table) {
        return table.equals(root.table()) ? List.of(root) : children.getOrDefault(table, List.of());
    }

    Stream<RowImage> all() {
        return Stream.concat(Stream.of(root), children.values().stream().flatMap(List::stream));
    }

    /** A column that was forgotten must not be written as null. */
    void requireComplete() {
        all().forEach(RowImage::requireComplete);
    }
}
