package dev.changeover.shadowcompare;

import java.util.List;

/**
 * What a look at one snapshot says of a suspected difference.
 *
 * @param outcome what to count
 * @param divergences what is confirmed, if anything
 */
record Finding(Outcome outcome, List<Divergence> divergences) {

    static Finding of(Outcome outcome) {
        return new Finding(outcome, List.of());
    }
}
