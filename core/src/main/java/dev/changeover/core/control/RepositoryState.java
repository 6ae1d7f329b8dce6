package dev.changeover.core.control;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the control schema says of one repository at one instant.
 *
 * @param name the name of the repository
 * @param number its number, which names its fence and its marks
 * @param stage its stage
 * @param epoch counts the changes of stage
 * @param percent the share of the reads that new serves in RAMP, 0 to 100
 * @param revision counts the changes of the percentage and the lists
 * @param allow routing keys that new serves at any percentage of RAMP
 * @param deny routing keys that legacy serves at any percentage of RAMP
 * @param backfilled whether absence on new is absence
 * @param stale a side that has missed writes and needs a reseed, or null
 */
public record RepositoryState(
        String name,
        int number,
        Stage stage,
        long epoch,
        int percent,
        long revision,
        Set<String> allow,
        Set<String> deny,
        boolean backfilled,
        @Nullable Side stale) {

    /** Copies the lists. */
    public RepositoryState {
        allow = Set.copyOf(allow);
        deny = Set.copyOf(deny);
    }

    /** Tells whether the next move may change the authority, so that units of work must not straddle it. */
    public boolean critical() {
        return stage == Stage.NEW_PRIMARY || (stage == Stage.RAMP && percent == 100);
    }
}
