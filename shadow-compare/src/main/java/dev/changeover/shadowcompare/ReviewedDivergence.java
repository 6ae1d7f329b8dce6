package dev.changeover.shadowcompare;

import java.util.List;

/**
 * A group of divergences with everything that was decided about it.
 *
 * @param group the group as it is now
 * @param history the decisions, the oldest first
 */
public record ReviewedDivergence(DivergenceGroup group, List<ReviewStep> history) {

    /** Keeps a copy. */
    public ReviewedDivergence {
        history = List.copyOf(history);
    }
}
