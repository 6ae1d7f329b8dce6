package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.internal.Keys;
import dev.changeover.shadowcompare.internal.Shown;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares two maps of values that are no entities, entry by entry: one that is null is not one that is missing. */
record ValueMaps<K>(ResultWalk<K, ?> values) {

    ResultDifferences<K> compare(Map<?, ?> authority, Map<?, ?> follower) {
        Set<@Nullable Object> keys = new LinkedHashSet<>(authority.keySet());
        keys.addAll(follower.keySet());
        List<ResultDifferences<K>> found = new ArrayList<>();
        for (Object each : keys) {
            found.add(entry(each, authority, follower).within("[" + Keys.shown(each, false) + "]"));
        }
        return ResultDifferences.joined(found);
    }

    private ResultDifferences<K> entry(@Nullable Object key, Map<?, ?> a, Map<?, ?> b) {
        if (!Keys.in(b, key)) {
            return ResultDifferences.of(Shown.missing("", a.get(key), false));
        }
        return Keys.in(a, key)
                ? values.compare(a.get(key), b.get(key))
                : ResultDifferences.of(Shown.extra("", b.get(key), false));
    }
}
