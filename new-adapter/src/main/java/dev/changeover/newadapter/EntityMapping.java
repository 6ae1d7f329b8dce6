package dev.changeover.newadapter;

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
        Function<JooqRow, V> reads,
        BiConsumer<V, JooqRowWriter> writes) {

    V read(JooqRow row) {
        return reads.apply(row);
    }

    /** A present row that means nothing has no meaning to be kept either. */
    void readIfMappable(JooqRow row, List<V> entities) {
        try {
            entities.add(read(row));
        } catch (UnmappableRowException meaningless) {
            // it will be overwritten
        }
    }

    /** Returns the images in the order of the keys, so that concurrent writers lock rows in one order. */
    Images<K> write(Collection<V> entities) {
        List<V> ordered = new ArrayList<>(entities);
        ordered.sort((a, b) -> keyType.order().compare(key.apply(a), key.apply(b)));
        Images<K> images = new Images<>();
        ordered.forEach(entity -> images.add(image(entity)));
        return images;
    }

    private Image<K> image(V entity) {
        Image<K> image = new Image<>(aggregate, key.apply(entity));
        writes.accept(entity, new JooqRowWriter(image, image.root()));
        image.all().forEach(RowImage::requireComplete);
        return image;
    }
}
