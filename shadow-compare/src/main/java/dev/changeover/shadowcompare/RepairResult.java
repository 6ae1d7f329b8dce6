package dev.changeover.shadowcompare;

import java.util.List;

/**
 * What a repair brought about.
 *
 * @param plan what it set out to change
 * @param equal how many of the keys are equal now
 * @param marked keys that the drain had not reached yet
 * @param different keys that were drained and differ nevertheless: the mapping or the comparison is at fault
 * @param skipped keys that were left alone since they had changed; of them, too, the others say what they are now
 * @param <K> the key
 */
public record RepairResult<K>(
        RepairPlan<K> plan, long equal, List<K> marked, List<KeyDivergence<K>> different, List<SkippedKey<K>> skipped) {

    /** Keeps copies. */
    public RepairResult {
        marked = List.copyOf(marked);
        different = List.copyOf(different);
        skipped = List.copyOf(skipped);
    }

    /** Tells whether every key is equal now. */
    public boolean done() {
        return marked.isEmpty() && different.isEmpty();
    }
}
