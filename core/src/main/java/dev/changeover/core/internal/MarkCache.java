package dev.changeover.core.internal;

import dev.changeover.core.control.MarkedKeys;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The marks of one repository as this instance last read them, for reads that may lag behind the marks of others by a
 * bound. What this instance marked itself counts at once. A mark counts from the commit on: what a read meets before
 * that, the write has not happened yet. Own marks are forgotten when an answer is newer than their commit, since that
 * has them, or the drain has cleared them.
 *
 * <p>When the cache is older than its bound, or cannot know, it says so; the authority serves then.
 */
final class MarkCache {

    /** Beyond so many marked keys hardly anything is served by the follower, and memory is bounded. */
    static final int MOST = 10_000;

    private record Seen(Set<String> keys, boolean any, long askedAt) {}

    private final long boundNanos;
    private final LongSupplier clock;
    private final Map<String, Long> own = new ConcurrentHashMap<>();
    private volatile @Nullable Seen seen;
    private @Nullable Long distrustedAt;

    MarkCache(Duration bound, LongSupplier clock) {
        this.boundNanos = bound.toNanos();
        this.clock = clock;
    }

    /**
     * Tells whether the follower may lack this key, or with null any key.
     *
     * @return null if the cache cannot tell
     */
    @Nullable
    Boolean lacks(@Nullable String key) {
        Seen now = seen;
        if (now == null || clock.getAsLong() - now.askedAt > boundNanos) {
            return null;
        }
        return key == null ? now.any || !own.isEmpty() : own.containsKey(key) || now.keys.contains(key);
    }

    /** Remembers keys that a unit of work of this instance marked and that has ended, however it ended. */
    void marked(Collection<String> keys) {
        if (own.size() + keys.size() > MOST) {
            distrust();
            return;
        }
        long now = clock.getAsLong();
        keys.forEach(key -> own.put(key, now));
    }

    /** Says that keys were marked of which this instance does not know all; nothing is known until the next answer. */
    synchronized void distrust() {
        distrustedAt = clock.getAsLong();
        seen = null;
    }

    /** Takes an answer to a question that was asked at {@code askedAt}. */
    synchronized void answered(MarkedKeys marks, long askedAt) {
        Long distrusted = distrustedAt;
        if (!marks.all() || (distrusted != null && askedAt - distrusted <= 0)) {
            seen = null;
            return;
        }
        seen = new Seen(marks.keys(), marks.any(), askedAt);
        own.values().removeIf(markedAt -> askedAt - markedAt > 0);
    }
}
