package dev.changeover.core.control;

import java.util.Set;

/**
 * The marks of a repository at one instant.
 *
 * @param keys the marked keys; if there are more than were asked for, some of them
 * @param all whether these are all
 * @param any whether any key is marked, of the repository or, as far as new lacks it, of those that it depends on
 */
public record MarkedKeys(Set<String> keys, boolean all, boolean any) {

    /** Copies the set. */
    public MarkedKeys {
        keys = Set.copyOf(keys);
    }
}
