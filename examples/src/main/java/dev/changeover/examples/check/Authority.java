package dev.changeover.examples.check;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import org.jspecify.annotations.Nullable;

/** Which side of a repository is right, and what the other one is worth. */
public enum Authority {
    /** Legacy leads, new is not written. */
    LEGACY_ALONE("legacy", false),
    /** Legacy leads, new follows. */
    LEGACY("legacy", true),
    /** New leads, legacy follows. */
    NEW("new", true),
    /** New leads; legacy followed until it was left alone. */
    NEW_ALONE("new", true),
    /** There is no legacy any more. */
    NEW_RETIRED("new", false);

    final String side;
    final boolean compared;

    Authority(String side, boolean compared) {
        this.side = side;
        this.compared = compared;
    }

    /** Returns what a stage says; without one nothing was ever moved. */
    public static Authority of(@Nullable Stage stage) {
        if (stage == null || stage == Stage.LEGACY_ONLY) {
            return LEGACY_ALONE;
        }
        if (stage == Stage.NEW_ONLY) {
            return NEW_ALONE;
        }
        return stage.authority() == Side.LEGACY ? LEGACY : NEW;
    }

    boolean leadsFromLegacy() {
        return side.equals("legacy");
    }
}
