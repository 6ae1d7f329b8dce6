package dev.changeover.legacyadapter;

import dev.changeover.core.KeyType;
import dev.changeover.core.UnmappableRowException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Between rows and entities, both ways. */
record EntityMapping<K, V>(
        KeyType<K> keyType,
        Aggregate aggregate,
        Function<V, K> key,
        Function<Row, V> reads,
        BiConsumer<V, RowWriter> writes) {

    V read(Row row) {
        return reads.apply(row);
    }

    /** A present row that means nothing has no meaning to be kept either. */
    void readIfMappable(Row row, List<V> entities) {
        try {
            entities.add(read(row));
        } catch (UnmappableRowException meaningless) {
            // it will be overwritten
        }
    }

    /** Returns the images in the order of the keys, so that concurrent writers lock rows in one order. */
    Images write(Collection<V> entities) {
        List<V> ordered = new ArrayList<>(entities);
        ordered.sort((a, b) -> keyType.order().compare(key.apply(a), key.apply(b)));
        Images images = new Images();
        ordered.forEach(entity -> images.add(image(entity)));
        return images;
    }

    private Image image(V entity) {
        Image image = new Image(aggregate, keyType.encode(key.apply(entity)));
        writes.accept(entity, new RowWriter(image, image.root()));
        image.requireComplete();
        return image;
    }
}
