package dev.changeover.proof.torture;

import java.util.function.LongFunction;

/**
 * A rule that can be taken out of the protocol.
 *
 * @param name as in the list of the counterexamples
 * @param plan the rounds under which its absence shows, by their seeds; null where a schedule plays it
 * @param rule what such a round exchanges while the rule holds
 * @param broken the same without the rule
 */
record Mutant(String name, LongFunction<Plan> plan, Rules rule, Rules broken) {

    /** A mutant that chance hits too seldom: two or three sessions are put in order. */
    static Mutant scheduled(String name) {
        return new Mutant(name, null, Rules.ALL, Rules.ALL);
    }

    boolean isScheduled() {
        return plan == null;
    }
}
