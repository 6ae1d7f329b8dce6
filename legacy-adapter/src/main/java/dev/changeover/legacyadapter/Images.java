package dev.changeover.legacyadapter;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** The rows of several entities, each key once. */
final class Images {

    private final Map<String, Image> byKey = new LinkedHashMap<>();

    void add(Image image) {
        Image other = byKey.putIfAbsent(image.key(), image);
        if (other != null && !other.root().saysTheSame(image.root())) {
            throw new IllegalArgumentException("Two different entities have the key " + image.key());
        }
    }

    List<String> keys() {
        return List.copyOf(byKey.keySet());
    }

    Images only(Set<String> keys) {
        Images some = new Images();
        byKey.values().stream().filter(image -> keys.contains(image.key())).forEach(some::add);
        return some;
    }

    String json(TableShape table) {
        StringJoiner rows = new StringJoiner(",", "[", "]");
        rows(table).forEach(row -> rows.add(row.json()));
        return rows.toString();
    }

    /** Compares in the terms of this side: two values mean the same if the entity writes them alike. */
    void keepWhatMeansTheSame(Images present) {
        Map<TableShape, Map<List<String>, RowImage>> index = new HashMap<>();
        present.all()
                .forEach(row -> index.computeIfAbsent(row.table(), table -> new HashMap<>())
                        .put(row.identity(), row));
        all().forEach(row -> {
            RowImage before = index.getOrDefault(row.table(), Map.of()).get(row.identity());
            if (before != null) {
                row.keepWhatMeansTheSame(before);
            }
        });
    }

    private Stream<RowImage> rows(TableShape table) {
        return byKey.values().stream().flatMap(image -> image.rows(table).stream());
    }

    private Stream<RowImage> all() {
        return byKey.values().stream().flatMap(Image::all);
    }
}
