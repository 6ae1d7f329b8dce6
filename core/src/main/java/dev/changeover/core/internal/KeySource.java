package dev.changeover.core.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the keys of one write come from. */
public interface KeySource<K> {

    /** Returns the keys that are known before the authority runs. */
    List<K> declared();

    /** Tells whether {@link #declared} are all keys that the authority may write. */
    boolean complete();

    /**
     * Returns all keys, those that only the result tells, or the authority set in an argument, included.
     *
     * @throws dev.changeover.core.ChangeoverException if an entity was written whose key nothing tells
     */
    List<K> all(@Nullable Object result);

    /** Keys that nothing tells but sentinels. */
    static <K> KeySource<K> unknown() {
        return new KeySource<>() {
            @Override
            public List<K> declared() {
                return List.of();
            }

            @Override
            public boolean complete() {
                return false;
            }

            @Override
            public List<K> all(@Nullable Object result) {
                return List.of();
            }
        };
    }

    /** Keys that are known beforehand. */
    static <K> KeySource<K> of(List<K> keys) {
        return new KeySource<>() {
            @Override
            public List<K> declared() {
                return keys;
            }

            @Override
            public boolean complete() {
                return true;
            }

            @Override
            public List<K> all(@Nullable Object result) {
                return keys;
            }
        };
    }
}
