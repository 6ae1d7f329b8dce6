package dev.changeover.core.internal;

import dev.changeover.core.control.Entry;
import dev.changeover.core.spi.UnitOfWork;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Tells the caches of this instance what its own units of work marked. */
final class OwnMarks {

    private final Map<String, MarkCache> caches = new ConcurrentHashMap<>();

    void add(String repository, MarkCache cache) {
        caches.put(repository, cache);
    }

    /** A query of another repository may join what was marked, and what sentinels collected is not known here. */
    void made(UnitOfWork unit, String repository, Entry entry, List<String> keys) {
        if (caches.isEmpty()) {
            return;
        }
        unit.afterCompletion(committed -> caches.forEach((name, cache) -> {
            if (name.equals(repository) && !entry.watched()) {
                cache.marked(keys);
            } else {
                cache.distrust();
            }
        }));
    }

    @Nullable
    MarkCache of(String repository) {
        return caches.get(repository);
    }
}
