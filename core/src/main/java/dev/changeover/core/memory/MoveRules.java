package dev.changeover.core.memory;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of {@code changeover.check_move}: what a move of one repository is refused for, in the same order. */
final class MoveRules {

    private MoveRules() {}

    static void check(Kept kept, Stage target, long marks, List<String> lagging) {
        RepositoryState state = kept.state();
        if (!state.stage().movesTo(target)) {
            throw refused("CO010", kept, target, "a move goes one stage forward or back", "Move through those between");
        }
        boolean shared = kept.registration().shared();
        if (state.stage() == Stage.SHADOW && target == Stage.RAMP && !shared) {
            checkComplete(kept);
        }
        boolean authorityMoves = state.stage().authority() != target.authority();
        if (authorityMoves && !shared) {
            checkAuthority(kept, target, marks);
        }
        if ((authorityMoves || sideLeft(state.stage(), target) != null) && !lagging.isEmpty()) {
            throw refused(
                    "CO015",
                    kept,
                    target,
                    "instances have not seen epoch " + state.epoch() + " yet: " + String.join(", ", lagging),
                    "Wait until they have, or until their lease ends");
        }
    }

    private static void checkComplete(Kept kept) {
        if (!kept.state().backfilled() || kept.state().stale() == Side.NEW) {
            throw refused(
                    "CO011",
                    kept,
                    Stage.RAMP,
                    "new does not hold every key yet",
                    kept.state().stale() == Side.NEW ? "Reseed new, verify it, then move" : "Finish the backfill");
        }
    }

    private static void checkAuthority(Kept kept, Stage target, long marks) {
        RepositoryState state = kept.state();
        List<String> legacyOnly = kept.registration().legacyOnly();
        if (target == Stage.NEW_PRIMARY && state.percent() < 100) {
            throw refused(
                    "CO012", kept, target, "new serves " + state.percent() + " % of the reads", "Go to 100 first");
        }
        if (target == Stage.NEW_PRIMARY && !legacyOnly.isEmpty()) {
            throw refused(
                    "CO013", kept, target, "new does not have " + String.join(", ", legacyOnly), "Port these first");
        }
        if (state.stale() != null) {
            throw refused("CO011", kept, target, state.stale() + " is stale", "Reseed it and verify it, then move");
        }
        if (marks > 0) {
            throw refused(
                    "CO014", kept, target, marks + " marks are open, the other side lacks those writes", "Clear them");
        }
    }

    /** Returns the side that a move stops maintaining, or null. */
    static @Nullable Side sideLeft(Stage stage, Stage target) {
        if (stage == Stage.DUAL_WRITE && target == Stage.LEGACY_ONLY) {
            return Side.NEW;
        }
        return stage == Stage.NEW_PRIMARY && target == Stage.NEW_ONLY ? Side.LEGACY : null;
    }

    private static MoveRefusedException refused(String code, Kept kept, Stage target, String problem, String remedy) {
        RepositoryState state = kept.state();
        return refused(code, state.name() + ": " + state.stage() + " -> " + target + ": " + problem, remedy);
    }

    static MoveRefusedException refused(String code, String problem, String remedy) {
        return new MoveRefusedException(code, problem + ". " + remedy, null);
    }
}
