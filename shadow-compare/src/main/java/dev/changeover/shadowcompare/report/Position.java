package dev.changeover.shadowcompare.report;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository is.
 *
 * @param stage its stage
 * @param epoch its epoch
 * @param percent the share of reads that new serves in RAMP
 * @param backfilled whether absence on new is absence
 * @param stale a side that has missed writes and needs a reseed, or null
 * @param watched the sides that sentinels watch
 * @param legacyOnly operations that new does not have yet
 * @param dependsOn repositories whose rows its own refer to
 * @param inTheWay transactions that have held the fence for more than a second, or null
 * @param instances how many instances have acknowledged it
 * @param behind how many of them a move waits for
 * @param dual how long both sides have been written and what it costs, or null if one is written alone
 */
public record Position(
        Stage stage,
        long epoch,
        int percent,
        boolean backfilled,
        @Nullable Side stale,
        List<Side> watched,
        List<String> legacyOnly,
        List<String> dependsOn,
        @Nullable String inTheWay,
        long instances,
        long behind,
        @Nullable DualWriting dual) {

    /** Copies the lists. */
    public Position {
        watched = List.copyOf(watched);
        legacyOnly = List.copyOf(legacyOnly);
        dependsOn = List.copyOf(dependsOn);
    }

    boolean last() {
        return stage == Stage.NEW_ONLY;
    }

    /** Returns the stage, and where it is RAMP also the percentage. */
    String shown() {
        return stage == Stage.RAMP ? "RAMP " + percent + " %" : stage.name();
    }
}
