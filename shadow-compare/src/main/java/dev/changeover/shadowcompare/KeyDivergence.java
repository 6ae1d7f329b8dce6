package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Difference;
import java.util.List;

/**
 * One key whose states differ.
 *
 * @param key the key
 * @param differences what differs, with values that may be shown
 * @param <K> the key
 */
public record KeyDivergence<K>(K key, List<Difference> differences) {

    /** Keeps a copy. */
    public KeyDivergence {
        differences = List.copyOf(differences);
    }
}
