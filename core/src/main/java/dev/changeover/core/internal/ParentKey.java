package dev.changeover.core.internal;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which key of another repository an entity refers to; null is none. */
public record ParentKey<V>(String repository, Function<V, ? extends @Nullable Object> key) {

    Set<Object> of(Collection<V> entities) {
        return entities.stream().map(key).filter(Objects::nonNull).collect(Collectors.toSet());
    }
}
