package dev.changeover.shadowcompare;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one range, as far as they could be told apart without looking at each.
 *
 * @param last the last key of the range, or null if nothing is behind it
 * @param clean how many keys both sides have and have equally, and nobody has marked
 * @param suspects the keys to be judged one by one
 */
record Part<K>(@Nullable K last, long clean, Collection<K> suspects) {}
