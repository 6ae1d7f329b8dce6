package dev.changeover.shadowcompare.internal;

import dev.changeover.core.StateComparison.Difference;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A map. Its keys are part of the path, so see {@link Keys}. */
record MapTree(ValueComparison value, boolean safe) implements ValueComparison {

    @Override
    public boolean same(@Nullable Object authority, @Nullable Object follower) {
        if (!(authority instanceof Map<?, ?> a) || !(follower instanceof Map<?, ?> b)) {
            return authority == follower;
        }
        return a == b || (a.size() == b.size() && sameEntries(a, b));
    }

    private boolean sameEntries(Map<?, ?> a, Map<?, ?> b) {
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            if (!sameEntry(entry, b)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameEntry(Map.Entry<?, ?> entry, Map<?, ?> other) {
        return Keys.in(other, entry.getKey()) && value.same(entry.getValue(), other.get(entry.getKey()));
    }

    @Override
    public void explain(
            String path,
            @Nullable Object authority,
            @Nullable Object follower,
            Consumer<? super Difference> differences) {
        if (!(authority instanceof Map<?, ?> a) || !(follower instanceof Map<?, ?> b)) {
            differences.accept(Shown.value(path, authority, follower, safe));
            return;
        }
        Set<@Nullable Object> keys = new LinkedHashSet<>(a.keySet());
        keys.addAll(b.keySet());
        for (Object key : keys) {
            explainKey(path + "[" + Keys.shown(key, safe) + "]", key, a, b, differences);
        }
    }

    private void explainKey(
            String at, @Nullable Object key, Map<?, ?> a, Map<?, ?> b, Consumer<? super Difference> differences) {
        if (!Keys.in(b, key)) {
            differences.accept(Shown.missing(at, a.get(key), safe));
        } else if (!Keys.in(a, key)) {
            differences.accept(Shown.extra(at, b.get(key), safe));
        } else if (!value.same(a.get(key), b.get(key))) {
            value.explain(at, a.get(key), b.get(key), differences);
        }
    }

    @Override
    public void show(String path, @Nullable Object value, BiConsumer<? super String, ? super String> shown) {
        shown.accept(path, value instanceof Map<?, ?> entries ? entries.size() + " entries" : Shown.of(value, safe));
    }
}
