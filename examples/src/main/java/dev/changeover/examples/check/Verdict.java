package dev.changeover.examples.check;

import java.util.List;

/**
 * What the final check found.
 *
 * @param lost keys whose last acknowledged write is not on the side that leads
 * @param divergent keys whose two sides differ under the guide's mapping
 */
public record Verdict(List<Finding> lost, List<Finding> divergent) {

    /** Returns the number of keys among the findings. */
    public static long keys(List<Finding> findings) {
        return findings.stream().map(Finding::id).distinct().count();
    }
}
