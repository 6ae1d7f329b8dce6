package dev.changeover.proof.torture;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;

/** What has to be done before a move. */
final class Steps {

    private Steps() {}

    static void prepare(Town town, Stage target) {
        for (String repository : Town.BOTH) {
            RepositoryState state = town.state(repository);
            Side follower = state.stage().follower();
            boolean sideIsLeft = target == Stage.LEGACY_ONLY || target == Stage.NEW_ONLY;
            if (follower != null && follower == state.stale() && !sideIsLeft) {
                reseed(town, repository);
            } else if (state.stage() == Stage.SHADOW && target == Stage.RAMP && !state.backfilled()) {
                town.changeover.backfill(repository).run(progress -> {});
            }
        }
    }

    static void reseed(Town town, String repository) {
        town.changeover.backfill(repository).reseed(progress -> {});
        town.changeover.backfill(repository).acceptUnverified("torture", "reseeded");
    }

    /** Makes the follower whole, whatever the stage. */
    static void complete(Town town) {
        for (String repository : Town.BOTH) {
            RepositoryState state = town.state(repository);
            if (state.stale() == state.stage().follower()) {
                reseed(town, repository);
            } else if (!state.backfilled()) {
                town.changeover.backfill(repository).run(progress -> {});
            }
        }
    }
}
