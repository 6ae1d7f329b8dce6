package dev.changeover.newadapter;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of several entities, each key once. */
final class Images<K> {

    private final Map<K, Image<K>> byKey = new LinkedHashMap<>();

    void add(Image<K> image) {
        Image<K> other = byKey.putIfAbsent(image.key(), image);
        if (other != null && !other.root().saysTheSame(image.root())) {
            throw new IllegalArgumentException("Two different entities have the key " + image.key());
        }
    }

    List<K> keys() {
        return List.copyOf(byKey.keySet());
    }

    Images<K> only(Set<K> keys) {
        Images<K> some = new Images<>();
        byKey.values().stream().filter(image -> keys.contains(image.key())).forEach(some::add);
        return some;
    }

    Stream<RowImage> rows(TableShape shape) {
        return all().filter(row -> row.shape().equals(shape));
    }

    /** Compares in the terms of this side: two values mean the same if the entity writes them alike. */
    void keepWhatMeansTheSame(Images<K> present) {
        Map<TableShape, Map<List<@Nullable Object>, RowImage>> index = new HashMap<>();
        present.all()
                .forEach(row -> index.computeIfAbsent(row.shape(), shape -> new HashMap<>())
                        .put(row.identity(), row));
        all().forEach(row -> {
            RowImage before = index.getOrDefault(row.shape(), Map.of()).get(row.identity());
            if (before != null) {
                row.keepWhatMeansTheSame(before);
            }
        });
    }

    private Stream<RowImage> all() {
        return byKey.values().stream().flatMap(Image::all);
    }
}
