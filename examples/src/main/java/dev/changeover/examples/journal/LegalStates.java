package dev.changeover.examples.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * The states that one key may be in. Writers of one key follow one another in the journal, or their versions tell the
 * order.
 */
final class LegalStates {

    /** While true, the key was never seen in a known state, and nothing can be said against any. */
    private boolean anything;

    private List<State> states = new ArrayList<>(1);

    LegalStates(boolean absentAtFirst) {
        anything = !absentAtFirst;
        if (absentAtFirst) {
            states.add(State.ABSENT);
        }
    }

    void acknowledged(State after) {
        if (anything || !isOlder(after)) {
            anything = false;
            states = new ArrayList<>(List.of(after));
        }
    }

    /** What is older than all that may be there was either overwritten or never done. */
    void unknown(State after) {
        if (anything || !isOlder(after)) {
            states.add(after);
        }
    }

    private boolean isOlder(State after) {
        return after.version() >= 0
                && states.stream().allMatch(state -> !state.absent() && state.version() > after.version());
    }

    boolean constrained() {
        return !anything;
    }

    List<State> states() {
        return states;
    }
}
