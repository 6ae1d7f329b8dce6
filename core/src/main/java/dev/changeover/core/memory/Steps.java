package dev.changeover.core.memory;

import dev.changeover.core.Stage;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.PercentChange;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.memory.InMemoryControl.Step;

/** The lines of the history, and what is wrong with a request for one. */
final class Steps {

    private Steps() {}

    static Step move(RepositoryState before, RepositoryState after, Move move) {
        return new Step(
                before.name(),
                "MOVE",
                before.stage().name(),
                after.stage().name(),
                after.epoch(),
                move.actor(),
                move.reason());
    }

    static Step percent(RepositoryState before, PercentChange change) {
        return new Step(
                before.name(),
                "PERCENT",
                String.valueOf(before.percent()),
                String.valueOf(change.percent()),
                before.epoch(),
                change.actor(),
                change.reason());
    }

    static Step settle(RepositoryState state, String what) {
        return new Step(state.name(), "SETTLE", null, what, state.epoch(), "test", what);
    }

    static void checkRamp(RepositoryState state) {
        if (state.stage() != Stage.RAMP) {
            throw MoveRules.refused(
                    "CO010",
                    state.name() + ": a percentage belongs to RAMP, the stage is " + state.stage(),
                    "Move to RAMP first");
        }
    }

    static void checkPercent(int percent) {
        if (percent < 0 || percent > 100) {
            throw MoveRules.refused("CO010", percent + " is not a percentage", "Give a number from 0 to 100");
        }
    }

    static void checkReason(String reason) {
        if (reason.isBlank()) {
            throw MoveRules.refused("CO010", "a change needs a reason", "Say why");
        }
    }
}
